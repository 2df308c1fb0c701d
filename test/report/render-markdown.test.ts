import { describe, expect, test } from "vitest";
import { renderComment, renderSummary, type Report } from "../../src/report/index.ts";
import { run } from "./evil-report.ts";
import { checkWholePages } from "./page-properties.ts";
import { findInjections, nodesOf, parsePage } from "./parse-page.ts";
import { base, finding, layers, many, timings } from "./sample-report.ts";

const page = (...reports: Report[]) => renderSummary(reports);
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

test("a log keeps its layout, and no line of it ends the block or is a command", () => {
  const lines = [
    "Traceback",
    "  File x.py, line 1",
    "```",
    " ````` ",
    "</details>",
    "::error::x",
    "/deploy",
    "\x1b[31m##[error]",
  ];
  const section = { kind: "text" as const, title: "Log", lines };
  const body = page({ ...base, sections: [section, layers] });
  expect(findInjections(body)).toEqual([]);
  const code = [...nodesOf(parsePage(body))].find(({ type }) => type === "code");
  expect(code).toMatchObject({
    value: "Traceback\n  File x.py, line 1\n```\n ````` \n</details>\n: :error::x\n/deploy\n## [error]",
  });
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

test("a page with room for everything has everything, and nothing from data is more than text", () => {
  checkWholePages(40);
});
