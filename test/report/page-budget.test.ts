import { describe, expect, test } from "vitest";
import { renderComment, renderSummary, table, type Report } from "../../src/report/index.ts";
import { checkCutPages } from "./page-properties.ts";
import { findInjections } from "./parse-page.ts";
import { base, finding, layers, many, timings } from "./sample-report.ts";

describe("what does not fit", () => {
  test("is first the timeline", () => {
    const report = { ...base, sections: [many(300)] };
    const without = renderComment([report], {});
    const budget = { characters: without.body.length + 700, bytes: 240_000 };
    const steps = Array.from({ length: 40 }, () => timings).flat();
    const { body, cut } = renderComment([{ ...report, timings: steps }], { budget });
    expect(cut).toBe(true);
    expect(body).toContain("✂️ Left out for length: 1 timeline.\n");
    expect(body).toContain("| row 299 | x |");
  });
  test("is then rows of long tables, and short ones after them stay", () => {
    const report = { ...base, findings: [finding("error")], sections: [many(100_000), layers], timings };
    const { body, cut } = renderComment([report], { fullReport: "the run's summary" });
    expect(cut).toBe(true);
    expect(body.length).toBeGreaterThan(25_000);
    expect(body).toContain("| storage | UPDATE_COMPLETE | 12.0 s |");
    expect(body).toMatch(/\n\n[\d,]+ more rows left out here\.\n\n/u);
    expect(body).toMatch(
      /✂️ Left out for length: 1 timeline and 9[\d,]+ rows\. All of it is in the run's summary\.\n/u,
    );
  });
  test.each<[string, Report]>([
    ["a headline of a megabyte", { ...base, headline: "`|<@x>\n".repeat(150_000) }],
    [
      "an environment of a megabyte",
      { ...base, environment: "é".repeat(1_000_000), lake: "é".repeat(1_000_000) },
    ],
    [
      "a message of a megabyte",
      {
        ...base,
        failure: { reason: "x".repeat(1e6), message: "m ".repeat(5e5), hint: "\n".repeat(1e6), mistakes: [] },
      },
    ],
    ["half a million rows", { ...base, sections: [many(500_000)] }],
    [
      "a hundred thousand findings",
      { ...base, findings: Array.from({ length: 100_000 }, () => finding("error")) },
    ],
    [
      "ten thousand columns",
      {
        ...base,
        sections: [
          table(
            "wide",
            Array.from({ length: 10_000 }, () => ">c"),
            [["1"]],
          ),
          layers,
        ],
      },
    ],
    [
      "cells of a megabyte",
      { ...base, sections: [many(20, () => ["|".repeat(1_000_000), "👍".repeat(500_000)])] },
    ],
    [
      "a log of long lines",
      {
        ...base,
        sections: [
          {
            kind: "text",
            title: "log",
            lines: Array.from({ length: 2000 }, () => `  ${"`".repeat(10_000)}`),
          },
        ],
      },
    ],
    [
      "a hundred thousand steps",
      {
        ...base,
        timings: Array.from({ length: 100_000 }, (_, at) => ({
          name: "👍:".repeat(99),
          group: String(at),
          start: at,
          milliseconds: at,
          outcome: "done" as const,
        })),
      },
    ],
    ["a thousand sections", { ...base, sections: Array.from({ length: 1000 }, () => many(20)) }],
  ])("%s", (_, report) => {
    const { body } = renderComment([report, base], {});
    expect(body.length).toBeLessThanOrEqual(60_000);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(240_000);
    expect(body).toMatch(/ · took .*\n$/u);
    const summary = renderSummary([report, base]);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1_000_000);
    expect(summary).toMatch(/ · took .*\n$/u);
    const budget = { characters: 8000, bytes: 20_000 };
    const small = renderComment([report, base], { budget }).body;
    expect(small.length).toBeLessThanOrEqual(8000);
    expect(findInjections(small)).toEqual([]);
  });
  test("leaves room for many reports", () => {
    const { body } = renderComment(
      Array.from({ length: 5000 }, () => ({ ...base, sections: [layers], timings })),
      {},
    );
    expect(body.length).toBeLessThanOrEqual(60_000);
    expect(body).toMatch(/Left out for length: 5,000 timelines, [\d,]+ reports and [\d,]+ sections\./u);
  });
  test("a budget too small for a verdict is refused", () => {
    expect(() => renderComment([base], { budget: { characters: 3999, bytes: 240_000 } })).toThrow(RangeError);
  });
});

test("a page keeps any budget, and is cut only between its parts", () => {
  checkCutPages(40);
});
