import { expect, test } from "vitest";
import { runQuery } from "../../src/athena/index.ts";
import { createContext } from "../support/local-lake.ts";
import { makeAthenaBed, makeTable, type AthenaBed } from "./athena-bed.ts";
import { checkSchemaText } from "./check-bed.ts";

const columns = "order_id string, status string, total decimal(10,2), day date";
const rows = [
  "o1,paid,10.00,2026-01-01",
  "o1,paid,20.00,2026-01-02",
  "o2,open,-5.00,2026-01-03",
  "\\N,,7.50,2019-12-31",
];

async function makeOrders(context: ReturnType<typeof createContext>): Promise<AthenaBed> {
  const bed = await makeAthenaBed(context);
  await makeTable({ name: "orders", columns, rows }, bed, context);
  return bed;
}

test("all measures of a table are taken in one query, and each failure says what, where and how to see it", async () => {
  const context = createContext();
  const bed = await makeOrders(context);
  const run = await checkSchemaText(
    `  - name: orders
    quality:
      - { metric: rowCount, mustBeBetween: [1, 10] }
      - { metric: rowCount, mustBeGreaterThan: 1000 }
    properties:
      - { name: order_id, logicalType: string, required: true, unique: true }
      - name: status
        logicalType: string
        quality:
          - { metric: missingValues, mustBe: 0 }
          - { metric: invalidValues, arguments: { validValues: [paid] }, unit: percent, mustBeLessThan: 50 }
          - { metric: invalidValues, arguments: { pattern: "^[a-z]+$" }, mustBe: 0, severity: warning }
      - { name: total, physicalType: "decimal(10,2)", logicalType: number, logicalTypeOptions: { minimum: 0 } }
      - { name: day, logicalType: date, logicalTypeOptions: { minimum: "2020-01-01" } }
`,
    bed,
    context,
  );

  expect(run.queries).toBe(1);
  expect(run.results.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    "schema passed",
    "rowCount passed",
    "rowCount failed",
    "required: order_id failed",
    "unique: order_id failed",
    "missingValues: status failed",
    "invalidValues: status failed",
    "invalidValues: status failed",
    "limits: total failed",
    "limits: day failed",
  ]);
  expect(run.findings.map(({ why, severity, place }) => [place?.line, severity, why])).toEqual([
    [10, "error", "expected more than 1,000 rows, found 4"],
    [12, "error", "expected 0 null values in order_id, found 1 of 4 rows"],
    [12, "error", "expected 0 duplicate values of order_id, found 1 of 4 rows"],
    [16, "error", "expected 0 missing values in status, found 1 of 4 rows"],
    [17, "error", "expected less than 50 % invalid values in status, found 50 % (2 of 4 rows)"],
    [18, "warning", "expected 0 invalid values in status, found 1 of 4 rows"],
    [19, "error", "expected 0 invalid values in total, found 1 of 4 rows"],
    [20, "error", "expected 0 invalid values in day, found 1 of 4 rows"],
  ]);
  for (const { fix } of run.findings.slice(1)) {
    const shown = await runQuery({ ...bed, sql: fix?.replace("See the rows: ", "") ?? "" }, context);
    expect((await shown.rows.next()).value).not.toHaveLength(0);
  }
});

test("SQL rules run with their placeholders filled in, and are compared like the rest", async () => {
  const context = createContext();
  const bed = await makeOrders(context);
  const run = await checkSchemaText(
    `  - name: orders
    quality:
      - { type: sql, name: all days, query: 'select count(distinct day) from {raw}.\${table}', mustBe: 4 }
      - { type: sql, name: truth, query: 'select count(*) > 3 from "{raw}"."\${object}"', mustBe: true }
      - { type: sql, name: money, query: 'select sum(total) from \${table}', mustBeGreaterThan: 100.5 }
    properties:
      - name: status
        quality:
          - { type: sql, name: blanks, query: "select count(*) from \${table} where \${column} = ''", mustBe: 1 }
          - { type: sql, name: repeats, query: "select count(*) from {object} where regexp_like({property}, '[a-z]{5}')", mustBe: 0 }
`,
    bed,
    context,
  );

  expect(run.queries).toBe(5);
  expect(run.results.slice(1).map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    "all days passed",
    "truth passed",
    "money failed",
    "blanks passed",
    "repeats passed",
  ]);
  expect(run.findings.find((finding) => finding.title === "money")).toMatchObject({
    why: "expected more than 100.5, found 32.50",
    fix: 'The query: select sum(total) from "orders"',
    place: { line: 11 },
  });
});

test("SQL that Athena refuses, that gives no single value or names nothing is a finding at its line", async () => {
  const context = createContext();
  const bed = await makeOrders(context);
  const run = await checkSchemaText(
    `  - name: orders
    quality:
      - type: sql
        name: wrong
        query: |
          select 1
          from orders
          where nobody = 1
        mustBe: 0
      - { type: sql, name: many, query: select order_id from orders, mustBe: 0 }
      - { type: sql, name: nothing, query: "select 1 from {gold}.orders where \${column} = 1", mustBe: 0 }
    properties:
      - { name: order_id, logicalType: string }
      - { name: status }
      - { name: total }
      - { name: day }
`,
    bed,
    context,
  );

  expect(run.findings).toMatchObject([
    { title: "wrong", severity: "error", place: { line: 14, column: 17 } },
    {
      title: "many",
      why: "expected the query to return one value, found 4 rows of 1 columns",
      place: { line: 16 },
    },
    {
      title: "nothing",
      why: "nothing is known that {gold} and ${column} could stand for",
      place: { line: 17 },
    },
  ]);
});

test("a contract naming a missing column fails by one clear sentence, and sends nothing that must fail", async () => {
  const context = createContext();
  const bed = await makeOrders(context);
  const run = await checkSchemaText(
    `  - name: orders
    quality:
      - { type: sql, name: about it, query: "select count(customer_id) from orders", mustBe: 0 }
      - { metric: duplicateValues, arguments: { properties: [order_id, customer_id] }, mustBe: 0 }
    properties:
      - { name: customer_id, required: true, unique: true }
      - { name: order_id, logicalType: integer }
      - { name: total, logicalType: number, physicalType: "decimal(12,2)" }
`,
    bed,
    context,
  );

  expect(run.findings.filter((finding) => finding.severity === "error")).toMatchObject([
    {
      title: "column missing: customer_id",
      subject: "orders",
      why: "expected the column customer_id, but orders has only order_id, status, total and day",
      place: { file: expect.stringMatching(/orders\.yaml$/) as string, line: 12 },
    },
    { title: "type: order_id", why: "expected order_id to be of type integer, found string" },
    { title: "type: total", why: "expected total to be of type decimal(12,2), found decimal(10,2)" },
  ]);
  expect(run.findings.filter((finding) => finding.title.startsWith("column not in"))).toHaveLength(2);
  expect(run.results.slice(1).map(({ outcome, why }) => `${outcome}: ${why}`)).toEqual(
    Array.from({ length: 4 }, () => "not run: not run: the column customer_id is missing"),
  );
  expect(run.queries).toBe(0);
});

test("a table that is not there fails once, and its rules are not run", async () => {
  const context = createContext();
  const bed = await makeAthenaBed(context);
  const run = await checkSchemaText(
    "  - { name: orders, quality: [{ metric: rowCount, mustBe: 0 }] }",
    bed,
    context,
  );

  expect(run.results).toMatchObject([
    {
      name: "schema",
      outcome: "failed",
      fix: "Crawl the zone, or correct the table's name in the contract.",
    },
    { name: "rowCount", outcome: "not run" },
  ]);
  expect(run.queries).toBe(0);
});

test("one rule that Athena refuses does not hide the others", async () => {
  const context = createContext();
  const bed = await makeOrders(context);
  const run = await checkSchemaText(
    `  - name: orders
    quality: [{ metric: rowCount, mustBe: 4 }]
    properties:
      - name: status
        quality: [{ metric: invalidValues, name: broken, arguments: { pattern: "(" }, mustBe: 0 }]
`,
    bed,
    context,
  );

  expect(run.results.slice(1)).toMatchObject([
    { name: "rowCount", outcome: "passed" },
    { name: "broken", outcome: "failed", severity: "error", place: { line: 11 } },
  ]);
});

test("shares of a table with no rows are zero, and duplicates of several columns are counted as rows", async () => {
  const context = createContext();
  const bed = await makeAthenaBed(context);
  await makeTable(
    { name: "pairs", columns: "a string, b bigint", rows: ["x,1", "x,1", "x,2", "\\N,1", "\\N,1"] },
    bed,
    context,
  );
  await runQuery({ ...bed, sql: "create table nothing as select a from pairs where a = 'none'" }, context);
  const run = await checkSchemaText(
    `  - name: pairs
    properties: [{ name: a }, { name: b }]
    quality: [{ metric: duplicateValues, arguments: { properties: [a, b] }, mustBe: 2 }]
  - name: nothing
    properties: [{ name: a, quality: [{ metric: nullValues, unit: percent, mustBe: 0 }] }]
`,
    bed,
    context,
  );

  expect(run.results.map(({ outcome }) => outcome)).toEqual(["passed", "passed", "passed", "passed"]);
});

test("a text that is no number is outside of every limit of numbers, and a null is not", async () => {
  const context = createContext();
  const bed = await makeAthenaBed(context);
  const amounts = ["5", "-1", "many", "\\N"];
  await makeTable({ name: "raw_orders", columns: "amount string", rows: amounts }, bed, context);
  const amount = {
    name: "amount",
    logicalType: "number",
    physicalType: "string",
    logicalTypeOptions: { minimum: 0 },
  };
  const run = await checkSchemaText([{ name: "raw_orders", properties: [amount] }], bed, context);

  expect(run.findings).toMatchObject([{ why: "expected 0 invalid values in amount, found 2 of 4 rows" }]);
});

test("at most four queries run at a time, and several do", async () => {
  const context = createContext();
  const bed = await makeOrders(context);
  const rules = Array.from({ length: 12 }, (_, index) => ({
    type: "sql",
    query: `select ${index}`,
    mustBe: index,
  }));
  const run = await checkSchemaText([{ name: "orders", quality: rules }], bed, context);

  expect(run.results.every((result) => result.outcome === "passed")).toBe(true);
  const steps = context.events.filter(
    (event) => event.verb === "query" && event.subject.startsWith("orders:"),
  );
  let running = 0;
  const widths = steps.map((event) => {
    if (event.kind === "started") running += 1;
    if (event.kind === "finished") running -= 1;
    return running;
  });
  expect(Math.max(...widths)).toBe(4);
  expect(running).toBe(0);
});
