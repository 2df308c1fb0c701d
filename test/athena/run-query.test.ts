import {
  AthenaClient,
  ListQueryExecutionsCommand,
  BatchGetQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { expect, test } from "vitest";
import { runQuery, type QueryResult, type ResultRow } from "../../src/athena/index.ts";
import { createContext, uniqueName } from "../support/local-lake.ts";
import { makeAthenaBed, makeTable } from "./athena-bed.ts";

async function readAll({ rows }: QueryResult): Promise<ResultRow[][]> {
  const pages: ResultRow[][] = [];
  for await (const page of rows) pages.push([...page]);
  return pages;
}

test("a query gives typed columns and rows as text, null for NULL", async () => {
  const context = createContext();
  const bed = await makeAthenaBed(context);
  await makeTable(
    { name: "orders", columns: "id bigint, name string", rows: ["1,a", "2,\\N", "3,"] },
    bed,
    context,
  );

  const result = await runQuery({ ...bed, sql: "select id, name from orders order by id" }, context);
  expect(result.columns).toEqual([
    { name: "id", type: "bigint" },
    { name: "name", type: "varchar" },
  ]);
  expect(await readAll(result)).toEqual([
    [
      ["1", "a"],
      ["2", null],
      ["3", ""],
    ],
  ]);
  expect(result).toMatchObject({ statement: "DML" });
  expect(result.bytesScanned).toBeGreaterThan(0);
});

test("a result of more than a page comes in pages, and its header is no row", async () => {
  const context = createContext();
  const bed = await makeAthenaBed(context);
  const sql = "select n from unnest(sequence(1, 2500)) as t(n)";

  const pages = await readAll(await runQuery({ ...bed, sql }, context));
  expect(pages.map((page) => page.length)).toEqual([999, 1000, 501]);
  expect(pages.flat().map(([value]) => Number(value))).toEqual(
    Array.from({ length: 2500 }, (_, index) => index + 1),
  );
});

test("a value that is called like its column is a row", async () => {
  const context = createContext();
  const bed = await makeAthenaBed(context);

  expect(await readAll(await runQuery({ ...bed, sql: "select 'name' as name" }, context))).toEqual([
    [["name"]],
  ]);
});

test("statements of DDL and SHOW have no header to take away", async () => {
  const context = createContext();
  const bed = await makeAthenaBed(context);
  await makeTable({ name: "orders", columns: "id bigint", rows: ["1"] }, bed, context);

  const shown = await runQuery({ ...bed, sql: "show tables" }, context);
  expect(await readAll(shown)).toEqual([[["orders"]]]);
  const dropped = await runQuery({ ...bed, sql: "drop table orders" }, context);
  expect(dropped.statement).toBe("DDL");
  expect(await readAll(dropped)).toEqual([]);
});

test.each([
  ["a query that does not parse", "select 1,\n  from nowhere", { line: 11 }],
  ["a column that is not there", "select 1\nfrom (select 1 as a)\nwhere b = 2", { line: 12, column: 9 }],
])("%s fails at its place in the user's file", async (_, sql, place) => {
  const context = createContext();
  const bed = await makeAthenaBed(context);
  const source = { file: "checks/a.sql", line: 10, column: 3 };

  await expect(runQuery({ ...bed, sql, source }, context)).rejects.toMatchObject({
    reason: "query-failed",
    message: expect.stringContaining("Athena refused the query") as string,
    place: { file: "checks/a.sql", ...place },
  });
});

test("a table that is not there says what to do", async () => {
  const context = createContext();
  const bed = await makeAthenaBed(context);

  await expect(runQuery({ ...bed, sql: "select * from nowhere" }, context)).rejects.toMatchObject({
    reason: "query-failed",
    message: expect.stringContaining("nowhere") as string,
    hint: "Crawl the zone first, or check the table's name.",
  });
  const unknown = { ...bed, workgroup: uniqueName("workgroup"), sql: "select 1" };
  await expect(runQuery(unknown, context)).rejects.toMatchObject({ reason: "query-failed" });
});

test("cancelling stops the query in Athena, and so does the end of its time", async () => {
  const endless = `select count(*) from unnest(sequence(1, 5000)) as a(x), unnest(sequence(1, 5000)) as b(y),
    unnest(sequence(1, 5000)) as c(z) where x + y + z = -1`;
  const watching = createContext();
  const bed = await makeAthenaBed(watching);
  const controller = new AbortController();
  const context = createContext(controller.signal);
  const query = runQuery({ ...bed, sql: endless }, context);
  const ended = expect(query).rejects.toMatchObject({ reason: "cancelled" });
  await expect.poll(() => context.events.some((event) => event.kind === "progress")).toBe(true);
  controller.abort();
  await ended;

  const impatient = createContext();
  await expect(runQuery({ ...bed, sql: endless, within: 300 }, impatient)).rejects.toMatchObject({
    reason: "timed-out",
    hint: "The query was stopped; give it more time, or let it read less.",
  });

  const client = watching.clients.use(AthenaClient);
  await expect
    .poll(async () => {
      const { QueryExecutionIds = [] } = await client.send(new ListQueryExecutionsCommand({}));
      const { QueryExecutions = [] } = await client.send(
        new BatchGetQueryExecutionCommand({ QueryExecutionIds }),
      );
      const own = QueryExecutions.filter((one) => one.QueryExecutionContext?.Database === bed.database);
      return own.map((one) => one.Status?.State);
    })
    .toEqual(["CANCELLED", "CANCELLED"]);
});
