import fc from "fast-check";
import { expect, test } from "vitest";
import { createContext } from "../support/local-lake.ts";
import { makeAthenaBed, makeTable } from "./athena-bed.ts";
import { checkSchemaText } from "./check-bed.ts";

type Cell = string | null;
const cells = fc.constantFrom<Cell>(null, "", "a", "b", "ab", "N/A", "7");
const twoCells = fc.tuple(cells, cells);

/** How many rows are left over when each is kept once. */
function countRepeated(values: readonly string[]): number {
  return values.length - new Set(values).size;
}

test("each metric counts what a plain reading of the rows counts", async () => {
  const context = createContext();
  const bed = await makeAthenaBed(context);
  let tables = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(twoCells, { minLength: 1, maxLength: 30 }), async (rows) => {
      tables += 1;
      const name = `t${tables}`;
      const lines = rows.map((row) => row.map((cell) => cell ?? "\\N").join(","));
      await makeTable({ name, columns: "c string, d string", rows: lines }, bed, context);
      const all = rows.map(([cell]) => cell);
      const present = all.filter((cell) => cell !== null);
      const count = (fits: (cell: Cell) => boolean) => all.filter(fits).length;
      const expected = [
        { metric: "nullValues", mustBe: count((cell) => cell === null) },
        { metric: "missingValues", mustBe: count((cell) => cell === null || cell === "") },
        {
          metric: "missingValues",
          arguments: { missingValues: ["N/A", "a"] },
          mustBe: count((cell) => cell === "N/A" || cell === "a"),
        },
        {
          metric: "invalidValues",
          arguments: { validValues: ["a", 7] },
          mustBe: present.filter((cell) => cell !== "a" && cell !== "7").length,
        },
        {
          metric: "invalidValues",
          arguments: { pattern: "^[ab]*$" },
          mustBe: present.filter((cell) => !/^[ab]*$/.test(cell)).length,
        },
        { metric: "duplicateValues", mustBe: countRepeated(present) },
        {
          metric: "nullValues",
          unit: "percent",
          mustBe: (100 * count((cell) => cell === null)) / all.length,
        },
      ];
      const limits = { minLength: 1, maxLength: 1 };
      const tooLong = present.filter((cell) => cell.length !== 1).length;
      const run = await checkSchemaText(
        [
          {
            name,
            quality: [
              { metric: "rowCount", mustBe: all.length },
              {
                metric: "duplicateValues",
                arguments: { properties: ["c", "d"] },
                mustBe: countRepeated(rows.map((row) => JSON.stringify(row))),
              },
            ],
            properties: [
              { name: "c", logicalType: "string", logicalTypeOptions: limits, quality: expected },
              { name: "d" },
            ],
          },
        ],
        bed,
        context,
      );
      expect(run.queries).toBe(1);
      const failed = run.results.filter((result) => result.outcome !== "passed").map((result) => result.why);
      expect(failed).toEqual(
        tooLong === 0 ? [] : [`expected 0 invalid values in c, found ${tooLong} of ${all.length} rows`],
      );
    }),
    { numRuns: 8 },
  );
});
