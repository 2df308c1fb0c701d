import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCrawlSummary } from "../../src/crawler/crawl-summary.ts";

const none = { added: 0, updated: 0, deleted: 0 };

test("counts are read from the JSON in the JSON; kinds that are left out did not happen", () => {
  const tables = { ADD: { Count: 2, Details: { names: ["a", "b"] } }, DELETE: { Count: 1 } };
  const summary = JSON.stringify({ TABLE: JSON.stringify(tables), PARTITION: "{}" });

  expect(parseCrawlSummary(summary)).toEqual({ added: 2, updated: 0, deleted: 1 });
  expect(parseCrawlSummary("{}")).toEqual(none);
});

test("anything else has no counts, and is no crash", () => {
  expect(parseCrawlSummary("")).toBeUndefined();
  expect(parseCrawlSummary('{"TABLE": "no JSON"}')).toBeUndefined();
  expect(parseCrawlSummary('{"TABLE": "{\\"ADD\\": {\\"Count\\": \\"two\\"}}"}')).toBeUndefined();
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const counts = parseCrawlSummary(text);
      expect(counts === undefined || counts.added === 0).toBe(true);
    }),
  );
});
