/**
 * Writes what follows from the actions' declarations: each action.yml, and the tables of each README between their
 * marks. `node scripts/write-actions.ts`; a test tells what is stale.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { stringify } from "yaml";
import { listActions } from "../actions/catalog.ts";
import type { Input, Inputs } from "../src/core/index.ts";
import type { Action } from "../src/github/index.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const generated =
  "# Written by scripts/write-actions.ts from the action's declaration; change that instead.\n";

function describeInput({ description, choices, required }: Input): string {
  const allowed = choices ? ` One of ${choices.join(", ")}.` : "";
  return `${description}${allowed}${required === true ? " Required." : ""}`;
}

function renderActionFile({ name, description, inputs, outputs, post }: Action, folder: string): string {
  const dist = `${"../".repeat(folder.split("/").length)}dist/${name}.js`;
  const entries = Object.entries(inputs).map(([input, declared]) => [
    input,
    {
      description: describeInput(declared),
      required: declared.required === true,
      ...(declared.default === undefined ? {} : { default: declared.default }),
    },
  ]);
  const file = {
    name: `datalake ${name}`,
    description,
    inputs: Object.fromEntries(entries) as unknown,
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([output, text]) => [output, { description: text }]),
    ) as unknown,
    runs: { using: "node24", main: dist, ...(post ? { post: dist } : {}) },
  };
  return generated + stringify(file, { lineWidth: 110 });
}

function renderInputs(inputs: Inputs): string {
  const rows = Object.entries(inputs).map(
    ([name, input]) =>
      `| \`${name}\` | ${cell(describeInput(input))} | ${input.default === undefined ? "" : `\`${input.default}\``} |`,
  );
  return ["| input | what it is | default |", "| --- | --- | --- |", ...rows].join("\n");
}

function renderOutputs(outputs: Action["outputs"]): string {
  const rows = Object.entries(outputs).map(([name, text]) => `| \`${name}\` | ${cell(text)} |`);
  return ["| output | what it says |", "| --- | --- |", ...rows].join("\n");
}

/** Keeps a text inside its cell; the layout is prettier's. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function fillMarks(text: string, mark: string, body: string): string {
  const [begin, end] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`a README lacks the marks ${begin} and ${end}`);
  return `${text.slice(0, from + begin.length)}\n\n${body}\n\n${text.slice(to)}`;
}

/** The files by path, as they should be. */
export async function renderActions(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const add = async (path: string, text: string) => {
    const options = await resolveConfig(join(root, path));
    files.set(path, await format(text, { ...options, filepath: path }));
  };
  for (const { action, folder } of await listActions()) {
    await add(join(folder, "action.yml"), renderActionFile(action, folder));
    const readme = join(folder.replace("local-lake/start", "local-lake"), "README.md");
    if (!existsSync(join(root, readme))) continue;
    const text = readFileSync(join(root, readme), "utf8");
    const withInputs = fillMarks(text, "inputs", renderInputs(action.inputs));
    await add(readme, fillMarks(withInputs, "outputs", renderOutputs(action.outputs)));
  }
  return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of await renderActions()) writeFileSync(join(root, path), text);
}
