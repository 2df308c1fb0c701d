import { cp } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runWorkflow } from "../support/act.ts";
import { copyLake } from "../support/lakes.ts";
import { uniqueName } from "../support/local-lake.ts";

const fixture = fileURLToPath(new URL("../fixtures/consumer", import.meta.url));

test("the root action runs a whole lake on a local lake in the runner, with no AWS, and stops it", async () => {
  await using lake = await copyLake("test/fixtures/second-lake", [
    "lake.yaml",
    "templates",
    "contracts",
    "data",
  ]);
  await cp(fixture, lake.path, { recursive: true });
  const run = await runWorkflow({
    repository: lake.path,
    workflow: "local.yml",
    event: "pull_request",
    vars: { ENVIRONMENT: uniqueName("try") },
    variables: {},
  });
  expect(run.succeeded, run.log).toBe(true);
  const reports = run.reports.get("local") ?? [];
  expect(reports.map(({ verb, verdict }) => [verb, verdict])).toEqual([
    ["local-lake", "passed"],
    ["deploy", "changed"],
    ["report", "changed"],
  ]);
  const started = run.steps.find(({ outputs }) => "endpoint" in outputs);
  const endpoint = started?.outputs["endpoint"] ?? "";
  expect(endpoint, run.log).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  await expect(fetch(endpoint)).rejects.toThrow();
}, 240_000);
