import { cp } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runWorkflow, type WorkflowRun } from "../support/act.ts";
import { parsePage, textOf } from "../report/parse-page.ts";
import { copyLake, stacksOf } from "../support/lakes.ts";
import { uniqueName } from "../support/local-lake.ts";

const fixture = fileURLToPath(new URL("../fixtures/consumer", import.meta.url));

/** The second lake in a repository of its own, with workflows that name our actions as anyone's would. */
async function makeConsumer() {
  const lake = await copyLake("test/fixtures/second-lake", ["lake.yaml", "templates", "contracts", "data"]);
  await cp(fixture, lake.path, { recursive: true });
  return lake;
}

/** The main steps by job and id: how each ended, and the outputs that all our actions have. */
function outcomes({ steps }: WorkflowRun): Record<string, string> {
  const main = steps.filter(({ stage, id }) => stage === "Main" && /[a-z]$/.test(id));
  return Object.fromEntries(
    main.map(({ job, id, result, outputs }) => [
      `${job}: ${id}`,
      [result, outputs["verdict"], outputs["failure-reason"]].filter(Boolean).join(" "),
    ]),
  );
}

/** The headings of a summary's reports, and the rows of its tables as texts. */
function readSummary(markdown: string) {
  const { children } = parsePage(markdown);
  return {
    headlines: children.filter((node) => node.type === "heading" && node.depth === 3).map(textOf),
    tables: children
      .filter((node) => node.type === "table")
      .map((table) => table.children.map((row) => row.children.map(textOf))),
  };
}

const summaryOf = ({ steps }: WorkflowRun, id: string) =>
  readSummary(steps.find((step) => step.id === id)?.summary ?? "");

test("a lake is deployed, crawled, checked, torn down and reported by single actions in three jobs", async () => {
  await using lake = await makeConsumer();
  const environment = uniqueName("try");
  const run = await runWorkflow({
    repository: lake.path,
    workflow: "single-actions.yml",
    event: "push",
    vars: { ENVIRONMENT: environment },
  });
  expect(outcomes(run), run.log).toEqual({
    "lake: deploy": "success changed",
    "lake: crawl": "success passed",
    "lake: check": "success passed",
    "teardown: teardown": "success changed",
    "report: report": "success changed",
  });
  expect(run.succeeded, run.log).toBe(true);
  expect(run.steps.flatMap(({ annotations }) => annotations)).toEqual([]);
  const reports = [...(run.reports.get("lake") ?? []), ...(run.reports.get("teardown") ?? [])];
  expect(reports.map(({ verb, environment }) => [verb, environment])).toEqual([
    ["deploy", environment],
    ["crawl", environment],
    ["check", environment],
    ["destroy", environment],
  ]);
  const headlines = reports.map(({ verb, headline }) => `✅ ${verb}: ${headline} · ${environment}`);
  const ids = ["deploy", "crawl", "check", "teardown"];
  expect(ids.flatMap((id) => summaryOf(run, id).headlines)).toEqual(headlines);
  expect(summaryOf(run, "crawl").tables).toEqual([
    [
      ["zone", "crawler", "tables added", "updated", "deleted"],
      ["raw", `acme-${environment}-events`, "1", "0", "0"],
    ],
  ]);
  const { headlines: whole, tables } = summaryOf(run, "report");
  expect(whole).toEqual([`✅ 4 reports, none failed · ${environment}`]);
  expect(tables[0]?.map((row) => row.slice(0, 3))).toEqual([
    ["verb", "verdict", "headline"],
    ...reports.map(({ verb, verdict, headline }) => [verb, `✅ ${verdict}`, headline]),
  ]);
  expect(tables.slice(1)).toEqual(ids.flatMap((id) => summaryOf(run, id).tables));
  expect(await stacksOf(`acme-web-`)).not.toContainEqual(expect.stringContaining(environment));
}, 120_000);

test("the root action plans, deploys exactly that, and tears down", async () => {
  await using lake = await makeConsumer();
  const environment = uniqueName("try");
  const run = await runWorkflow({
    repository: lake.path,
    workflow: "whole-lake.yml",
    event: "pull_request",
    vars: { ENVIRONMENT: environment },
  });
  expect(outcomes(run), run.log).toEqual({
    "plan: lake": "success changed",
    "plan: lake/plan": "success changed",
    "plan: lake/report": "success changed",
    "lake: lake": "success changed",
    "lake: lake/deploy": "success changed",
    "lake: lake/report": "success changed",
    "lake: gone": "success changed",
    "lake: gone/teardown": "success changed",
    "lake: gone/report": "success changed",
  });
  expect(run.succeeded, run.log).toBe(true);
  const planned = run.steps.find(({ id }) => id === "lake/plan")?.outputs["plan"];
  expect(planned).toMatch(/^[0-9a-f]{16}$/);
  const told = `✅ plan: 3 layers would change (plan ${planned ?? ""}) · ${environment}`;
  expect(summaryOf(run, "lake/report").headlines).toEqual([told]);
  const { headlines, tables } = summaryOf(run, "gone/report");
  expect(headlines).toEqual([`✅ 2 reports, none failed · ${environment}`]);
  expect(tables.map((rows) => rows.map(([first]) => first))).toEqual([
    ["verb", "deploy", "destroy"],
    ["layer", "buckets", "access", "tables"],
    ["layer", "tables", "access", "buckets"],
  ]);
  expect(await stacksOf(`acme-web-`)).not.toContainEqual(expect.stringContaining(environment));
}, 120_000);

test("a consumer with a template of its own and no lake.yaml deploys, checks and tears down", async () => {
  const parts = [".github", "template.yaml", "readings.csv", "no-negative-readings.sql"];
  await using folder = await copyLake("test/fixtures/one-template", parts);
  const run = await runWorkflow({ repository: folder.path, workflow: "check.yml", event: "push" });
  expect(outcomes(run), run.log).toEqual({
    "stack: deploy": "success changed",
    "stack: check": "success passed",
    "stack: teardown": "success changed",
  });
  expect(run.succeeded, run.log).toBe(true);
  const reports = run.reports.get("stack") ?? [];
  expect(reports.map(({ verb, verdict }) => [verb, verdict])).toEqual([
    ["deploy", "changed"],
    ["check", "passed"],
    ["destroy", "changed"],
  ]);
  const shown = ["deploy", "check", "teardown"].flatMap((id) => summaryOf(run, id).headlines);
  expect(shown).toHaveLength(3);
  for (const [index, { verb, headline }] of reports.entries()) {
    expect(shown[index]).toContain(`✅ ${verb}: ${headline}`);
  }
  expect(await stacksOf("meters")).toEqual([]);
}, 120_000);
