import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startGitHub } from "../support/github/index.ts";
import { copyLake, stacksOf } from "../support/lakes.ts";
import { runAction } from "../support/run-action.ts";

const parts = ["lake.yaml", "templates", "queries", "sample-data", "contracts", "jobs"];

test("the whole lake goes through the built actions: deployed, crawled, computed, checked, reported, torn down", async () => {
  const github = await startGitHub();
  onTestFinished(() => github.close());
  github.state.addPull({ number: 7, headOwner: "acme" });
  await using lake = await copyLake(".", parts);
  const event = { pull_request: { number: 7, head: { sha: "a".repeat(40) } } };
  await lake.write("event.json", JSON.stringify(event));
  const variables = {
    PROJECT_PREFIX: lake.name,
    GITHUB_API_URL: github.url,
    GITHUB_REPOSITORY: github.repository,
    GITHUB_SHA: "a".repeat(40),
    GITHUB_RUN_ID: "41",
    GITHUB_EVENT_PATH: join(lake.path, "event.json"),
  };
  const run = (action: string, inputs: Record<string, string>) =>
    runAction(action, inputs, { cwd: lake.path, variables });

  const plan = await run("deploy-layer", { mode: "plan", full: "true" });
  expect(plan).toMatchObject({ code: 0, outputs: { changed: "true" } });
  const deployed = await run("deploy-layer", { full: "true", "expect-plan": plan.outputs["plan"] ?? "" });
  expect(deployed).toMatchObject({ code: 0, annotations: [], outputs: { verdict: "changed" } });
  expect(deployed.report?.sections.map(({ title }) => title)).toEqual(
    expect.arrayContaining(["Layers", "Crawl", "Checks", "Job", "Top products", "Revenue by month"]),
  );

  const crawled = await run("run-crawler", { zones: "raw" });
  expect(crawled).toMatchObject({ code: 0, outputs: { "tables-added": "0" } });
  const job = await run("run-emr-job", { script: "jobs/ecommerce_analytics.py" });
  expect(job.code).toBe(0);
  const counts = JSON.parse(job.outputs["result"] ?? "") as {
    tables: Record<string, { raw: number; clean: number }>;
  };
  expect(counts.tables["orders"]?.clean).toBe(1443);
  const checked = await run("athena-check", {
    contracts: "contracts/clean/",
    "junit-file": join(lake.path, "checks.xml"),
  });
  expect(checked).toMatchObject({ code: 0, outputs: { failed: "0" } });
  expect(await readFile(join(lake.path, "checks.xml"), "utf8")).toContain('failures="0"');

  for (const [at, { report }] of [deployed, crawled, job, checked].entries()) {
    await lake.write(`reports/${at}.json`, JSON.stringify(report));
  }
  const reported = await run("report", { reports: "reports/", token: github.token });
  expect(reported).toMatchObject({ code: 0, annotations: [], outputs: { verdict: "changed" } });
  expect(github.state.comments).toHaveLength(1);
  expect(github.state.comments[0]?.body).toContain("Revenue by month");

  const refused = await run("teardown", { confirm: "dev" });
  expect(refused).toMatchObject({ code: 3, outputs: { "failure-reason": "buckets-not-empty" } });
  const gone = await run("teardown", { confirm: "dev", "deep-clean": "true" });
  expect(gone.code).toBe(0);
  expect(await stacksOf(`${lake.name}-`)).toEqual([`${lake.name}-account CREATE_COMPLETE`]);
}, 300_000);
