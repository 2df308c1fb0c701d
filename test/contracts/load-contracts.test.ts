import { join } from "node:path";
import { expect, test } from "vitest";
import { loadContracts, type Rule } from "../../src/contracts/index.ts";
import { makeFolder } from "../support/temporary-lake.ts";
import { head, load } from "./load-text.ts";

/** The rules of the only table, of a contract whose first table is on line 9. */
async function loadRules(schema: string): Promise<readonly Rule[]> {
  const { tables } = await load(`${head}schema:\n${schema}`);
  return tables[0]?.rules ?? [];
}

test("a contract becomes tables and columns, each with its line", async () => {
  const contract = await load(`${head}schema:
  - name: orders
    physicalName: orders_v2
    properties:
      - name: orderId
        physicalName: order_id
        logicalType: string
        physicalType: varchar(20)
        primaryKey: true
      - name: total
        logicalType: number
        required: true
`);

  expect(contract).toMatchObject({ id: "orders", name: "Orders", version: "1.0.0" });
  expect(contract.tables).toMatchObject([
    {
      name: "orders",
      physicalName: "orders_v2",
      place: { line: 8 },
      columns: [
        {
          name: "orderId",
          physicalName: "order_id",
          physicalType: "varchar(20)",
          primaryKey: true,
          place: { line: 11 },
        },
        { name: "total", physicalName: "total", logicalType: "number", required: true, place: { line: 16 } },
      ],
    },
  ]);
});

test("required, unique and the primary key in its order are rules of their own", async () => {
  const rules = await loadRules(`
  - name: order_items
    properties:
      - { name: line, logicalType: integer, primaryKey: true, primaryKeyPosition: 2 }
      - { name: order_id, logicalType: string, primaryKey: true, primaryKeyPosition: 1 }
      - { name: code, logicalType: string, unique: true }
      - { name: note, logicalType: string, required: true }
`);

  const counted = rules.map((rule) => [rule.name, rule.kind === "metric" && rule.measure]);
  expect(counted).toEqual([
    ["required: line", { metric: "nullValues" }],
    ["required: order_id", { metric: "nullValues" }],
    ["unique: code", { metric: "duplicateValues", columns: ["code"] }],
    ["required: note", { metric: "nullValues" }],
    ["primary key: order_id, line", { metric: "duplicateValues", columns: ["order_id", "line"] }],
  ]);
});

test("the metrics of the library carry their arguments, unit, severity and condition", async () => {
  const rules = await loadRules(`
  - name: orders
    quality:
      - metric: rowCount
        mustBeBetween: [100, 120]
      - metric: duplicateValues
        arguments: { properties: [orderId, day] }
        mustBe: 0
    properties:
      - name: orderId
        physicalName: order_id
        quality:
          - { metric: missingValues, mustBe: 0 }
          - metric: missingValues
            arguments: { missingValues: [null, "", N/A] }
            unit: percent
            mustBeLessThan: 1
            severity: warning
      - name: day
        quality:
          - name: a known day
            type: library
            metric: invalidValues
            arguments: { validValues: [1, 2], pattern: "^[12]$" }
            mustBe: 0
`);

  expect(rules).toMatchObject([
    { name: "rowCount", column: undefined, condition: { operator: "mustBeBetween", low: 100, high: 120 } },
    { measure: { metric: "duplicateValues", columns: ["order_id", "day"] } },
    { name: "missingValues: order_id", severity: "error", unit: "rows", measure: { missing: [null, ""] } },
    { severity: "warning", unit: "percent", measure: { missing: [null, "", "N/A"] } },
    {
      name: "a known day",
      column: "day",
      measure: { valid: [1, 2], pattern: "^[12]$" },
      place: { line: 28 },
    },
  ]);
});

test("logicalTypeOptions are rules; what cannot be checked says so", async () => {
  const rules = await loadRules(`
  - name: orders
    properties:
      - name: email
        logicalType: string
        logicalTypeOptions: { maxLength: 50, pattern: "@", format: email }
      - name: day
        logicalType: date
        logicalTypeOptions: { minimum: "2020-01-01", maximum: "31.12.2030" }
`);

  expect(rules).toMatchObject([
    { kind: "unsupported", name: "format: email" },
    { kind: "metric", measure: { pattern: "@", limits: [{ bound: "maxLength", value: 50 }] } },
    { kind: "unsupported", name: "maximum: day" },
    { kind: "metric", measure: { limits: [{ bound: "minimum", value: "2020-01-01" }] }, place: { line: 16 } },
  ]);
});

test("a query knows where its first character is, unless the file folds it", async () => {
  const rules = await loadRules(`
  - name: orders
    quality:
      - type: sql
        query: |
          select 1
          from \${table}
        mustBe: 1
      - { type: sql, query: "select 2", mustBe: 2 }
      - type: sql
        query: >
          select
          3
        mustBe: 3
`);

  expect(rules.map((rule) => rule.kind === "sql" && rule.queryPlace)).toMatchObject([
    { line: 13, column: 11 },
    { line: 16, column: 30 },
    undefined,
  ]);
});

test("rules for people, for other engines and of fields within columns are kept with a reason", async () => {
  const rules = await loadRules(`
  - name: orders
    quality:
      - { type: text, description: Looks right. }
      - { description: Looks good. }
      - { type: custom, engine: soda, implementation: "type: duplicate_percent" }
    properties:
      - name: address
        logicalType: object
        properties:
          - name: zip
            quality:
              - { metric: nullValues, mustBe: 0 }
`);

  expect(rules.map((rule) => rule.kind === "unsupported" && rule.reason)).toEqual([
    "it is a text for people",
    "it is a text for people",
    "it is written for soda",
    "it is about a field within address",
  ]);
});

test("a folder gives all its contracts, in the order of their names, with the mistakes of all files", async () => {
  const good = `${head}schema:\n  - name: orders\n`;
  await using folder = await makeFolder({
    "b/two.yml": good,
    "a.yaml": good,
    "c.json": "{}",
    "readme.md": "no",
  });

  const error: unknown = await loadContracts(folder.path).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ reason: "invalid-contract", place: { file: join(folder.path, "c.json") } });

  await folder.write("c.json", JSON.stringify({ ...exampleJson }));
  const contracts = await loadContracts(folder.path);
  expect(contracts.map((contract) => contract.file)).toEqual(
    ["a.yaml", "b/two.yml", "c.json"].map((name) => join(folder.path, name)),
  );
});

const exampleJson = {
  apiVersion: "v3.1.0",
  kind: "DataContract",
  id: "j",
  version: "1",
  status: "active",
  schema: [{ name: "t" }],
};

test("a folder without contracts, and a path that is not there, are errors", async () => {
  await using folder = await makeFolder({ "readme.md": "no" });

  await expect(loadContracts(folder.path)).rejects.toMatchObject({ reason: "invalid-contract" });
  await expect(loadContracts(join(folder.path, "nowhere"))).rejects.toMatchObject({
    reason: "invalid-contract",
  });
});
