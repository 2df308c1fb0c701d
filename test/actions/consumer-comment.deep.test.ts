import { cp } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { parseMarker } from "../../src/github/index.ts";
import { parsePage, textOf } from "../report/parse-page.ts";
import { jobToken, runWorkflow, variablesOfLake } from "../support/act.ts";
import { startGitHub } from "../support/github/index.ts";
import { copyLake, stacksOf } from "../support/lakes.ts";

const fixture = fileURLToPath(new URL("../fixtures/whole-pipeline", import.meta.url));
const parts = ["lake.yaml", "templates", "queries", "sample-data", "contracts", "jobs"];
const sha = "a".repeat(40);

test("a pull request's whole pipeline, through the root action, leaves one comment that tells of it", async () => {
  const github = await startGitHub();
  onTestFinished(() => github.close());
  github.state.addPull({ number: 7, headOwner: "acme" });
  github.addToken(jobToken, { login: "github-actions[bot]", isInstallation: true, isReadOnly: false });
  await using lake = await copyLake(".", parts);
  await cp(fixture, lake.path, { recursive: true });
  const run = await runWorkflow({
    repository: lake.path,
    workflow: "pull-request.yml",
    event: "pull_request",
    payload: { number: 7, pull_request: { number: 7, head: { sha } } },
    vars: { PROJECT_PREFIX: lake.name },
    variables: { ...variablesOfLake(), GITHUB_API_URL: github.url, GITHUB_REPOSITORY: github.repository },
  });
  expect(run.succeeded, run.log).toBe(true);
  expect(github.state.comments, run.log).toHaveLength(1);
  const body = github.state.comments[0]?.body ?? "";
  expect(parseMarker(body)).toMatchObject({
    kind: "lake",
    lake: lake.name,
    key: "dev",
    head: sha,
    cut: false,
  });
  const headings = parsePage(body)
    .children.filter((node) => node.type === "heading")
    .map(textOf);
  expect(headings[0]).toMatch(/^✅ deploy: 8 layers deployed: .*; the pipeline ran through, 9 steps · dev$/);
  expect(headings).toContain("Layers");
  for (const folded of ["Top products", "Revenue by month"]) expect(body).toContain(folded);
  expect(await stacksOf(`${lake.name}-`)).toEqual([`${lake.name}-account CREATE_COMPLETE`]);
}, 300_000);
