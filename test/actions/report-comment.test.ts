import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { forbidden, startGitHub, type GitHub } from "../support/github/index.ts";
import { runAction } from "../support/run-action.ts";
import { makeFolder, type TemporaryFolder } from "../support/temporary-lake.ts";

const sha = "a".repeat(40);

/** A workspace with reports in it, in a run for pull request 7 of the stand-in. */
async function openRun(github: GitHub, reports: readonly Record<string, unknown>[]) {
  const event = { pull_request: { number: 7, head: { sha } } };
  const files = Object.fromEntries(
    reports.map((report, at) => [`reports/${at}.json`, JSON.stringify({ ...empty, ...report })]),
  );
  const folder = await makeFolder({ ...files, "event.json": JSON.stringify(event) });
  return {
    path: folder.path,
    variables: (id: number) => variablesOf(github, folder, id),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const empty = { version: 1, lake: "shop", environment: "pr-7", sections: [], findings: [], timings: [] };

function variablesOf(github: GitHub, folder: TemporaryFolder, id: number) {
  return {
    GITHUB_API_URL: github.url,
    GITHUB_REPOSITORY: github.repository,
    GITHUB_SHA: sha,
    GITHUB_RUN_ID: String(id),
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_EVENT_PATH: join(folder.path, "event.json"),
  };
}

async function openGitHub(): Promise<GitHub> {
  const github = await startGitHub();
  onTestFinished(async () => {
    await github.close();
  });
  github.state.addPull({ number: 7, headOwner: "acme" });
  return github;
}

const good = { verb: "deploy", verdict: "changed", headline: "3 layers deployed" };
const bad = {
  verb: "check",
  verdict: "failed",
  headline: "2 checks failed",
  findings: [
    {
      severity: "error",
      title: "not null: order_id",
      subject: "orders",
      why: "expected 0 null values, found 2 @admin",
    },
  ],
};

test("many reports become one comment, one summary and the worst exit code; the next run brings it up to date", async () => {
  const github = await openGitHub();
  await using first = await openRun(github, [good, bad]);
  const inputs = { reports: "reports/", token: github.token };
  const result = await runAction("report", inputs, { cwd: first.path, variables: first.variables(1) });
  expect(result).toMatchObject({
    code: 2,
    outputs: { verdict: "failed", "failure-reason": "checks-failed" },
  });
  expect(result.masked).toEqual([github.token]);
  const [comment, ...others] = github.state.comments;
  expect(others).toEqual([]);
  expect(comment?.body).toContain("2 checks failed");
  expect(comment?.body).toContain("3 layers deployed");
  expect(comment?.body).not.toContain(" @admin");
  expect(result.summary).toContain("2 checks failed");

  await using second = await openRun(github, [good]);
  const again = await runAction("report", inputs, {
    cwd: second.path,
    variables: second.variables(2),
  });
  expect(again).toMatchObject({ code: 0, annotations: [], outputs: { verdict: "changed" } });
  expect(github.state.comments).toHaveLength(1);
  expect(github.state.comments[0]?.body).not.toContain("2 checks failed");
});

test("a token that may not comment is told as a notice, and the comment's text is left as a file", async () => {
  const github = await openGitHub();
  await using run = await openRun(github, [good]);
  github.interference.fail("issues/create-comment", forbidden());
  const inputs = { reports: "reports/", token: github.token };
  const result = await runAction("report", inputs, { cwd: run.path, variables: run.variables(1) });
  expect(result.code).toBe(0);
  expect(result.annotations).toMatchObject([{ level: "notice", title: "Comment not posted" }]);
  expect(result.annotations[0]?.message).toContain("pull-requests: write");
  expect(result.summary).toContain("3 layers deployed");
  expect(github.state.comments).toEqual([]);
});

test("the deployment's status is set when asked", async () => {
  const github = await openGitHub();
  await using run = await openRun(github, [good]);
  const inputs = { reports: "reports/", token: github.token, comment: "false", deployment: "true" };
  const result = await runAction("report", inputs, { cwd: run.path, variables: run.variables(1) });
  expect(result).toMatchObject({ code: 0, annotations: [] });
  expect(github.state.comments).toEqual([]);
  expect(github.state.deployments).toMatchObject([{ environment: "pr-7", statuses: [{ state: "success" }] }]);
});
