import { readFileSync } from "node:fs";
import { Ajv2019 } from "ajv/dist/2019.js";
import fc from "fast-check";
import { stringify } from "yaml";
import { expect, test } from "vitest";
import { parseContractSource } from "../../src/contracts/contract-source.ts";
import { readContract } from "../../src/contracts/read-contract.ts";

const schemaFile = new URL("odcs-json-schema-v3.1.0.json", import.meta.url);
const isStandard = new Ajv2019({ strict: false, validateFormats: false }).compile(
  JSON.parse(readFileSync(schemaFile, "utf8")) as object,
);

/** A contract that uses whatever the loader reads. */
const whole = {
  apiVersion: "v3.1.0",
  kind: "DataContract",
  id: "orders",
  name: "Orders",
  version: "1.0.0",
  status: "active",
  schema: [
    {
      id: "o1",
      name: "orders",
      physicalName: "orders",
      logicalType: "object",
      quality: [
        { name: "volume", metric: "rowCount", mustBeGreaterThan: 0 },
        { metric: "duplicateValues", arguments: { properties: ["a", "b"] }, mustBe: 0 },
        { type: "sql", query: "select 1", mustBeBetween: [1, 2], severity: "info", dimension: "accuracy" },
        { type: "custom", engine: "soda", implementation: "x" },
        { type: "text", description: "words" },
      ],
      properties: [
        {
          name: "a",
          logicalType: "string",
          physicalType: "varchar(2)",
          required: true,
          primaryKey: true,
          primaryKeyPosition: 1,
          logicalTypeOptions: { minLength: 1, pattern: "^a" },
          quality: [{ metric: "missingValues", arguments: { missingValues: ["", null] }, mustNotBe: 5 }],
        },
        {
          name: "b",
          logicalType: "integer",
          unique: true,
          logicalTypeOptions: { minimum: 0, format: "i32" },
          quality: [
            { metric: "invalidValues", unit: "percent", arguments: { validValues: [1] }, mustBeLessThan: 3 },
          ],
        },
      ],
    },
  ],
};

/** All paths into a value, from the value itself to the deepest. */
function pathsOf(value: unknown, at: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [at];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return [at, ...entries.flatMap(([key, inner]) => pathsOf(inner, [...at, key]))];
}

type Change = { readonly put: unknown } | { readonly add: string } | "remove";

/** A copy with one thing changed. */
function change(value: unknown, [key, ...rest]: readonly (string | number)[], how: Change): unknown {
  if (key === undefined) {
    if (how === "remove") return undefined;
    if ("put" in how) return how.put;
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? { ...value, [how.add]: 1 }
      : value;
  }
  if (Array.isArray(value)) {
    const inner = value.map((item: unknown, index) => (index === key ? change(item, rest, how) : item));
    return inner.filter((item) => item !== undefined);
  }
  const inner = change((value as Record<string, unknown>)[key], rest, how);
  const changed = { ...(value as Record<string, unknown>), [key]: inner };
  return Object.fromEntries(Object.entries(changed).filter(([, item]) => item !== undefined));
}

function isTaken(document: unknown): boolean {
  return "contract" in readContract(parseContractSource("c.yaml", stringify(document)));
}

test("the standard's own schema and the loader take the whole contract", () => {
  expect(isStandard(whole)).toBe(true);
  expect(isTaken(whole)).toBe(true);
});

test("whatever the standard's own schema refuses, the loader refuses", () => {
  const changes = fc.oneof(
    fc.constant<Change>("remove"),
    fc.constantFrom("requierd", "mustBe", "metric", "x").map((add): Change => ({ add })),
    fc.constantFrom(null, 1, -1, "", "word", true, [], {}, ["x"], [2, 1, 3]).map((put): Change => ({ put })),
  );
  let refused = 0;
  fc.assert(
    fc.property(fc.constantFrom(...pathsOf(whole).slice(1)), changes, (path, how) => {
      const changed = change(whole, path, how);
      if (isStandard(changed)) return;
      refused += 1;
      expect(isTaken(changed), JSON.stringify(changed)).toBe(false);
    }),
    { numRuns: 600 },
  );
  expect(refused).toBeGreaterThan(100);
});
