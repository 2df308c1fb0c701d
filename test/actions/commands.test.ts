import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createCommands, disarm } from "../../src/github/commands.ts";

/** Texts made of what the runner reads as commands, among others. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "::error::",
        "::add-mask::",
        "##[error]",
        "##[",
        "::",
        ":",
        " ",
        "\t",
        "\n",
        "\r",
        "%0A",
        "%",
        ",",
      ),
      fc.constantFrom("\u2028", "EOF", "<<", "end_", "name=", "\u001b[31m"),
      fc.string({ unit: "grapheme", maxLength: 8 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

/** How GitHub's runner finds a command in a line (actions/runner, ActionCommand.cs). */
function isCommand(line: string): boolean {
  return line.trimStart().startsWith("::") || line.includes("##[");
}

function makeRunner() {
  const folder = mkdtempSync(join(tmpdir(), "datalake-commands-"));
  const files = ["GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_STATE", "GITHUB_STEP_SUMMARY"] as const;
  const variables = Object.fromEntries(files.map((name) => [name, join(folder, name)]));
  for (const path of Object.values(variables)) writeFileSync(path, "");
  const lines: string[] = [];
  const commands = createCommands(variables, (line) => lines.push(line));
  const text = (name: (typeof files)[number]) => readFileSync(variables[name] ?? "", "utf8");
  return {
    commands,
    lines,
    text,
    [Symbol.dispose]: () => {
      rmSync(folder, { recursive: true });
    },
  };
}

test("no text that is printed becomes a command, alone or in a group", () => {
  fc.assert(
    fc.property(hostile, hostile, (text, title) => {
      using runner = makeRunner();
      runner.commands.print(text);
      runner.commands.group(title, [text]);
      const own = runner.lines.filter((line) => line.startsWith("::group::") || line === "::endgroup::");
      expect(own).toHaveLength(2);
      expect(runner.lines.filter(isCommand)).toEqual(own);
      expect(runner.lines.every((line) => !/[\r\n]/.test(line))).toBe(true);
    }),
  );
});

test("an annotation is one command, whose title, file and message come out as they went in", () => {
  fc.assert(
    fc.property(hostile, hostile, hostile, (title, file, message) => {
      using runner = makeRunner();
      runner.commands.annotate({ level: "error", title, file, line: 3, message });
      expect(runner.lines).toHaveLength(1);
      const [line = ""] = runner.lines;
      expect(line).not.toMatch(/[\r\n]/);
      const [, properties = "", data = ""] = /^::error ([^:]*)::(.*)$/su.exec(line) ?? [];
      const read = Object.fromEntries(
        properties
          .split(",")
          .map((pair) =>
            pair.split("=", 1)[0] === undefined
              ? []
              : [pair.slice(0, pair.indexOf("=")), unescapeText(pair.slice(pair.indexOf("=") + 1))],
          ),
      ) as Record<string, string>;
      expect(read).toEqual({ title, file, line: "3" });
      expect(unescapeText(data)).toBe(message);
    }),
  );
});

test("an output sets its own name and no other", () => {
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 1, maxLength: 3 }), (values) => {
      using runner = makeRunner();
      values.forEach((value, at) => {
        runner.commands.output(`out-${at}`, value);
      });
      const pairs = [...runner.text("GITHUB_OUTPUT").matchAll(/^([^\n<]+)<<(\S+)\n([\s\S]*?)\n\2\n/gm)];
      expect(pairs.map(([, name]) => name)).toEqual(values.map((_, at) => `out-${at}`));
      expect(pairs.map(([, , , value]) => value)).toEqual(values);
    }),
  );
});

test("a secret of many lines is masked line by line, and a blank one is not masked", () => {
  using runner = makeRunner();
  runner.commands.mask("one\ntwo%\n\n");
  runner.commands.mask("  ");
  expect(runner.lines).toEqual(["::add-mask::one%0Atwo%25%0A%0A", "::add-mask::one", "::add-mask::two%25"]);
});

test("text without a command in it is printed as it is", () => {
  for (const text of ["a::b", "arn:aws:s3:::bucket", "✓ deploy storage  created", "# [x]"]) {
    expect(disarm(text)).toBe(text);
  }
});

function unescapeText(text: string): string {
  return text
    .replaceAll("%2C", ",")
    .replaceAll("%3A", ":")
    .replaceAll("%0A", "\n")
    .replaceAll("%0D", "\r")
    .replaceAll("%25", "%");
}
