import { describe, expect, test } from "vitest";
import { renderComment, renderSummary, table, type Finding, type Report } from "../../src/report/index.ts";
import { run } from "./evil-report.ts";
import { checkCutPages, checkWholePages } from "./page-properties.ts";
import { findInjections, nodesOf, parsePage } from "./parse-page.ts";

const base: Report = {
  version: 1,
  verb: "deploy",
  lake: "dl-handson-v2",
  environment: "dev",
  verdict: "changed",
  headline: "1 layer changed, 1 unchanged",
  sections: [],
  findings: [],
  timings: [],
  run,
  startedAt: "2026-11-24T11:00:00Z",
  milliseconds: 185_000,
};
const layers = table(
  "Layers",
  ["layer", "result", ">took"],
  [
    ["storage", "UPDATE_COMPLETE", "12.0 s"],
    ["roles", "nothing to do", "0.2 s"],
  ],
);
const timings: Report["timings"] = [
  { name: "deploy storage", group: "deploy", start: 0, milliseconds: 12_000, outcome: "done" },
  { name: "deploy roles", group: "deploy", start: 0, milliseconds: 200, outcome: "unchanged" },
];
const finding = (severity: Finding["severity"], rest: Partial<Finding> = {}): Finding => ({
  severity,
  subject: "orders",
  title: "not null: order_id",
  why: "expected = 0 null order_id, found 12 of 100 rows",
  ...rest,
});
const page = (...reports: Report[]) => renderSummary(reports);
const many = (count: number, row = (at: number) => [`row ${at}`, "x"]) =>
  table(
    "Many",
    ["a", "b"],
    Array.from({ length: count }, (_, at) => row(at)),
  );

test("a page of one report", () => {
  const text = {
    kind: "text" as const,
    title: "Not checked on this machine",
    lines: ["IAM", "Lake Formation"],
  };
  expect(page({ ...base, sections: [layers, text], timings }))
    .toBe(`### ✅ deploy: 1 layer changed, 1 unchanged · dev

#### Layers

| layer | result | took |
| --- | --- | ---: |
| storage | UPDATE_COMPLETE | 12.0 s |
| roles | nothing to do | 0.2 s |

#### Not checked on this machine

- IAM
- Lake Formation

#### What took how long

\`\`\`mermaid
gantt
  dateFormat YYYY-MM-DD HH:mm:ss.SSS
  axisFormat %S.%L
  section deploy
    ✓ deploy storage (12.0 s) :active, 2001-01-01 00:00:00.000, 12000ms
    = deploy roles (200 ms) :done, 2001-01-01 00:00:00.000, 200ms
\`\`\`

dl-handson-v2 · [commit \`0123456\`](https://github.com/acme/lake/commit/${run.sha}) · [run 42](https://github.com/acme/lake/actions/runs/42/attempts/1) · took 3 min 05 s
`);
});

test("a page of several reports has the worst first, why it failed, and what it found", () => {
  const failed: Report = {
    ...base,
    verb: "check",
    verdict: "failed",
    headline: "1 check failed in step 5 of 8",
    startedAt: "2026-11-24T11:03:05Z",
    milliseconds: 10_000,
    findings: [
      finding("info"),
      finding("error", {
        fix: "Look at what the last load wrote.",
        place: { file: "contracts/clean/orders.yaml", line: 12 },
      }),
    ],
    failure: {
      reason: "checks-failed",
      message: "1 check failed:\n  arn:aws:glue:x",
      hint: "See the findings.",
      place: { file: "lake.yaml", line: 3 },
      mistakes: [{ message: "no such column", place: { file: "contracts/clean/orders.yaml", line: 4 } }],
    },
  };
  expect(page(base, failed)).toBe(`### ❌ 1 of 2 reports failed · dev

| verb | verdict | headline | took |
| --- | --- | --- | ---: |
| check | ❌ failed | 1 check failed in step 5 of 8 | 10.0 s |
| deploy | ✅ changed | 1 layer changed, 1 unchanged | 3 min 05 s |

> [!CAUTION]
> check ended with \`checks-failed\` (\`lake.yaml:3\`): 1 check failed:<br>\`arn:aws:glue:x\`
>
> → See the findings.

- \`contracts/clean/orders.yaml:4\`: no such column

#### Findings of check

| severity | subject | finding | why | fix | where |
| --- | --- | --- | --- | --- | --- |
| ❌ error | orders | not null: order_id | expected = 0 null order_id, found 12 of 100 rows | Look at what the last load wrote. | \`contracts/clean/orders.yaml:12\` |
| ℹ️ info | orders | not null: order_id | expected = 0 null order_id, found 12 of 100 rows |  |  |

dl-handson-v2 · [commit \`0123456\`](https://github.com/acme/lake/commit/${run.sha}) · [run 42](https://github.com/acme/lake/actions/runs/42/attempts/1) · took 3 min 15 s
`);
});

test("no report is a page too", () => {
  expect(renderComment([], {})).toEqual({ body: "### 🟡 nothing was reported\n", cut: false });
});

test.each<[string, Report]>([
  ["✅", { ...base, findings: [finding("info")] }],
  ["🟡", { ...base, findings: [finding("warning")] }],
  ["❌", { ...base, verdict: "failed" }],
])("the verdict's mark is %s", (mark, report) => {
  expect(page(report)).toMatch(new RegExp(`^### ${mark} deploy: `, "u"));
  expect(page(base, report, base)).toContain(`| ${mark} ${report.verdict} |`);
});

describe("a fold", () => {
  test("hides what is more than ten rows in all", () => {
    const findings = Array.from({ length: 13 }, () => finding("error"));
    const body = page({ ...base, findings, sections: [layers] });
    expect(body.match(/<summary>.*<\/summary>/gu)).toEqual([
      "<summary>3 more findings</summary>",
      "<summary>Layers · 2 rows</summary>",
    ]);
  });
  test("does not hide a short section after a long one", () => {
    expect(page({ ...base, sections: [many(11), layers] })).toMatch(/Many · 11 rows.*\n#### Layers\n/su);
  });
});

describe("a link", () => {
  test.each([
    ["another server's run", { url: "https://evil.example/acme/lake/actions/runs/42" }],
    ["a repository that is none", { repository: "acme/../../x" }],
    ["a commit that is none", { sha: "main" }],
  ])("is not made of %s", (_, changed) => {
    const nodes = [...nodesOf(parsePage(page({ ...base, run: { ...run, ...changed } })))];
    expect(nodes.filter(({ type }) => type === "link")).toEqual([]);
  });
  test("leads to the server of the run", () => {
    const report = { ...base, run: { ...run, url: "https://ghe.example/acme/lake/actions/runs/42" } };
    expect(renderSummary([report], { server: "https://ghe.example" })).toContain(
      "(https://ghe.example/acme/lake/commit/",
    );
  });
});

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

test("a page with room for everything has everything, and nothing from data is more than text", () => {
  checkWholePages(40);
});

test("a page keeps any budget, and is cut only between its parts", () => {
  checkCutPages(40);
});
