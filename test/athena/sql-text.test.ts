import fc from "fast-check";
import { expect, test } from "vitest";
import { quoteIdentifier, quoteLiteral } from "../../src/athena/sql-text.ts";
import { runQuery } from "../../src/athena/index.ts";
import { createContext } from "../support/local-lake.ts";
import { makeAthenaBed, makeTable } from "./athena-bed.ts";
import { checkSchemaText } from "./check-bed.ts";

/** Text that would break out of SQL wherever it is not quoted: pieces of syntax between anything at all. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "'",
        '"',
        "''",
        '""',
        "--",
        "/*",
        "*/",
        ";",
        "\\",
        "\n",
        ")",
        "`",
        "${table}",
        "{raw}",
        "%",
        "?",
      ),
      fc.string({ unit: "grapheme", maxLength: 5 }),
    ),
    { minLength: 1, maxLength: 8 },
  )
  // Athena takes no NUL in a query.
  .map((pieces) => pieces.join("").replaceAll("\0", ""));

test("whatever a value holds, Athena reads it as that value", async () => {
  const context = createContext();
  const bed = await makeAthenaBed(context);
  const values = fc.array(fc.oneof(hostile, fc.integer(), fc.boolean(), fc.constant(null)), {
    minLength: 20,
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(values, async (all) => {
      const sql = `select ${all.map((value, index) => `${quoteLiteral(value)} as c${index}`).join(", ")}`;
      const result = await runQuery({ ...bed, sql }, context);
      const page = await result.rows.next();
      expect(page.value).toEqual([all.map((value) => (value === null ? null : String(value)))]);
    }),
    { numRuns: 5 },
  );
});

test("whatever a name holds, Athena reads it as that name", async () => {
  const context = createContext();
  const bed = await makeAthenaBed(context);
  const names = fc.uniqueArray(
    hostile.map((name) => `x${name}`.toLowerCase()),
    { minLength: 10, maxLength: 20 },
  );
  await fc.assert(
    fc.asyncProperty(names, async (all) => {
      const columns = all.map((name, index) => `${index} as ${quoteIdentifier(name)}`).join(", ");
      const sql = `select ${all.map(quoteIdentifier).join(", ")} from (select ${columns})`;
      const result = await runQuery({ ...bed, sql }, context);
      expect(result.columns.map((column) => column.name)).toEqual(all);
      expect((await result.rows.next()).value).toEqual([all.map((_, index) => String(index))]);
    }),
    { numRuns: 5 },
  );
});

/** A rule's name may hold anything, but not nothing. */
const ruleName = hostile.map((text) => `rule ${text}`);

test("what a contract holds stays text in the queries that are made of it", async () => {
  const context = createContext();
  const bed = await makeAthenaBed(context);
  await makeTable({ name: "orders", columns: "status string", rows: ["paid", "open"] }, bed, context);
  const values = fc.array(hostile, { minLength: 5, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(values, ruleName, async (valid, name) => {
      const invalid = {
        name,
        metric: "invalidValues",
        arguments: { validValues: [...valid, "paid"] },
        mustBe: 1,
      };
      const missing = {
        name,
        metric: "missingValues",
        arguments: { missingValues: [...valid, "open"] },
        mustBe: 1,
      };
      const run = await checkSchemaText(
        [{ name: "orders", properties: [{ name: "status", quality: [invalid, missing] }] }],
        bed,
        context,
      );
      expect(run.results.map(({ outcome, why }) => `${outcome} ${why}`)).toEqual([
        expect.stringMatching(/^passed/),
        expect.stringMatching(/^passed/),
        expect.stringMatching(/^passed/),
      ]);
    }),
    { numRuns: 5 },
  );
});
