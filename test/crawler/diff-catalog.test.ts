import fc from "fast-check";
import { expect, test } from "vitest";
import {
  diffCatalog,
  type CatalogColumn,
  type CatalogSnapshot,
  type CatalogTable,
} from "../../src/crawler/index.ts";

/** A snapshot with one table of these columns: names to types. */
function snapshot(
  columns: Readonly<Record<string, string>>,
  rest: Partial<CatalogTable> = {},
): CatalogSnapshot {
  const list: CatalogColumn[] = Object.entries(columns).map(([name, type]) => ({ name, type }));
  const table: CatalogTable = {
    name: "orders",
    columns: list,
    partitionKeys: [],
    classification: "parquet",
    location: undefined,
    rows: undefined,
    bytes: undefined,
    ...rest,
  };
  return new Map([[table.name, table]]);
}

test("every kind of change is told, and whether it can break a query", () => {
  const before = snapshot({ id: "int", total: "double", gone: "string" });
  const after = snapshot(
    { id: "bigint", total: "string", fresh: "date" },
    { partitionKeys: [{ name: "month", type: "string" }], classification: "csv" },
  );

  expect(diffCatalog(before, after)).toEqual([
    {
      kind: "column retyped",
      table: "orders",
      column: "id",
      before: "int",
      after: "bigint",
      breaking: false,
    },
    {
      kind: "column retyped",
      table: "orders",
      column: "total",
      before: "double",
      after: "string",
      breaking: true,
    },
    { kind: "column removed", table: "orders", column: "gone", before: "string", breaking: true },
    { kind: "column added", table: "orders", column: "fresh", after: "date", breaking: false },
    {
      kind: "partition keys changed",
      table: "orders",
      before: "none",
      after: "month string",
      breaking: true,
    },
    { kind: "classification changed", table: "orders", before: "parquet", after: "csv", breaking: true },
  ]);
  expect(diffCatalog(new Map(), after)).toEqual([{ kind: "table added", table: "orders", breaking: false }]);
  expect(diffCatalog(before, new Map())).toEqual([
    { kind: "table removed", table: "orders", breaking: true },
  ]);
});

test.each([
  ["int", "bigint", false],
  ["bigint", "int", true],
  ["bigint", "double", true],
  ["decimal(10,2)", "decimal(12,2)", false],
  ["decimal(10,2)", "decimal(10,4)", true],
  ["decimal(10,2)", "decimal(12,4)", false],
  ["varchar(10)", "varchar(20)", false],
  ["varchar(20)", "varchar(10)", true],
  ["varchar(20)", "string", false],
  ["array<int>", "array<bigint>", true],
])("%s to %s breaks: %s", (before, after, breaking) => {
  expect(diffCatalog(snapshot({ a: before }), snapshot({ a: after }))).toMatchObject([{ breaking }]);
});

test("a snapshot differs from itself in nothing", () => {
  const types = fc.dictionary(fc.string({ minLength: 1 }), fc.constantFrom("int", "string", "struct<a:int>"));
  fc.assert(
    fc.property(types, (columns) => {
      expect(diffCatalog(snapshot(columns), snapshot(columns))).toEqual([]);
    }),
  );
});
