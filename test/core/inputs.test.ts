import fc from "fast-check";
import { expect, test } from "vitest";
import {
  declare,
  LakeError,
  parseBoolean,
  parseDuration,
  parseInputs,
  parseList,
  parseMap,
  parseShare,
} from "../../src/core/index.ts";

const inputs = declare({
  timeout: { kind: "duration", default: "30m", description: "d" },
  layers: { kind: "list", description: "d" },
  mode: { kind: "text", choices: ["plan", "apply"], default: "apply", description: "d" },
  stack: { kind: "text", required: true, description: "d" },
  limit: { kind: "integer", description: "d" },
});

test("parses each input by its kind and fills in defaults; blanks count as not given", () => {
  expect(parseInputs(inputs, { stack: "s", layers: "a, b\n# no\nc", timeout: " " })).toEqual({
    timeout: 1_800_000,
    layers: ["a", "b", "c"],
    mode: "apply",
    stack: "s",
    limit: undefined,
  });
});

test("reports all bad inputs together, each with its value and what is allowed", () => {
  let error: unknown;
  try {
    parseInputs(inputs, { timeout: "soon", mode: "destroy", limit: "many", stak: "s" });
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(LakeError);
  expect((error as LakeError).mistakes.map(({ message }) => message)).toEqual([
    'timeout: "soon" is no duration; allowed are forms like 45s, 15m, 2h, 1h30m',
    'mode: "destroy" is not allowed; allowed are plan, apply',
    "stack: is required and was not given",
    'limit: "many" is no whole number',
    "stak: there is no such input",
  ]);
});

test.each([
  ["45s", 45_000],
  ["1h30m", 5_400_000],
  ["3d", 259_200_000],
  ["1.5h", 5_400_000],
])("duration %s", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test("whatever is no duration, boolean or share is refused with the text quoted", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const parse of [parseDuration, parseBoolean, parseShare]) {
        try {
          const value = parse(text);
          expect(typeof value === "boolean" || value >= 0).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(LakeError);
          expect(String(error)).toContain(text);
        }
      }
    }),
  );
});

test("a map keeps commas and equals signs in values, and refuses a key given twice", () => {
  expect(parseMap("A=1,2\nB=x=y\n# no\n\nC=")).toEqual({ A: "1,2", B: "x=y", C: "" });
  expect(() => parseMap("A=1\nA=2")).toThrow('"A" is given twice');
  expect(() => parseMap("A")).toThrow("write Key=value");
});

test("maps and lists of any content never lose or invent an item", () => {
  const word = fc.stringMatching(/^[a-zA-Z0-9_.=-]{1,12}$/);
  fc.assert(
    fc.property(fc.array(word), (items) => {
      expect(parseList(items.join(","))).toEqual(items);
      expect(parseList(items.join("\n"))).toEqual(items);
    }),
  );
  const key = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,12}$/);
  fc.assert(
    fc.property(fc.dictionary(key, word), (pairs) => {
      const text = Object.entries(pairs).map(([name, value]) => `${name}=${value}`);
      expect(Object.entries(parseMap(text.join("\n"))).sort()).toEqual(Object.entries(pairs).sort());
    }),
  );
});
