import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findPullRequest, readEvent } from "../../src/github/index.ts";
import { forbidden, secondaryLimit, type GitHub } from "../support/github/index.ts";
import { connect, errorOf, openGitHub } from "./github-bed.ts";

const sha = (digit: string) => digit.repeat(40);
const find = async (github: GitHub, event: unknown) => await findPullRequest(event, connect(github));
const push = (after: string, more: object = {}) => ({ ref: "refs/heads/topic", after, ...more });
const run = (head_sha: string, owner: string, head_branch = "topic") => ({
  workflow_run: {
    head_sha,
    head_branch,
    head_repository: { full_name: `${owner}/shop`, owner: { login: owner } },
    pull_requests: [],
  },
});
const none = { found: false, reason: "no-pull-request" };

test("takes the pull request that the event carries, and asks nobody", async () => {
  const github = await openGitHub();
  const event = {
    action: "synchronize",
    pull_request: { number: 12, head: { sha: sha("c") } },
    after: sha("d"),
  };
  expect(await find(github, event)).toEqual({ found: true, number: 12, headSha: sha("c") });
  expect(github.requests).toEqual([]);
});

test("takes the pull request that a comment is on, at its newest commit", async () => {
  const github = await openGitHub();
  expect(await find(github, { issue: { number: 7, pull_request: {} } })).toEqual({
    found: true,
    number: 7,
    headSha: sha("a"),
  });
  expect(await find(github, { issue: { number: 7 } })).toMatchObject(none);
});

test("for a push prefers the open pull request of that very commit, then an open one, then the merged one", async () => {
  const github = await openGitHub();
  const { state } = github;
  const commit = sha("b");
  const find_ = async () => await find(github, push(commit));
  expect(await find_()).toMatchObject(none);
  state.addPull({ number: 1, headOwner: "acme", state: "closed", commits: [commit] });
  expect(await find_()).toMatchObject(none);
  state.addPull({ number: 2, headOwner: "acme", state: "closed", merged: true, commits: [commit] });
  expect(await find_()).toEqual({ found: true, number: 2, headSha: commit });
  state.addPull({ number: 3, headOwner: "acme", commits: [commit] });
  expect(await find_()).toMatchObject({ number: 3 });
  state.addPull({ number: 4, headOwner: "acme", headSha: commit });
  expect(await find_()).toMatchObject({ number: 4 });
});

test("for a workflow_run finds the pull request of a fork by its branch, at the commit of the run", async () => {
  const github = await openGitHub();
  const { state } = github;
  state.addPull({ number: 20, headOwner: "fork", headSha: sha("e") });
  state.addPull({ number: 21, headOwner: "fork", headRef: "other", headSha: sha("f") });
  expect(await find(github, run(sha("e"), "fork"))).toEqual({ found: true, number: 20, headSha: sha("e") });
  // It has got another commit since.
  expect(await find(github, run(sha("1"), "fork"))).toEqual({ found: true, number: 20, headSha: sha("1") });
  expect(await find(github, run(sha("e"), "stranger"))).toMatchObject(none);
  const { workflow_run } = run(sha("e"), "fork");
  const elsewhere = { ...workflow_run.head_repository, full_name: "fork/elsewhere" };
  expect(await find(github, { workflow_run: { ...workflow_run, head_repository: elsewhere } })).toMatchObject(
    none,
  );
  // It has been closed since; another one that was closed earlier is not meant.
  state.addPull({ number: 22, headOwner: "late", headSha: sha("2"), state: "closed" });
  expect(await find(github, run(sha("2"), "late"))).toMatchObject({ number: 22 });
  expect(await find(github, run(sha("3"), "late"))).toMatchObject(none);
});

test("finds none for other events, and for a branch that was deleted", async () => {
  const github = await openGitHub();
  const others = [
    undefined,
    {},
    { schedule: "0 3 * * *" },
    push(sha("0"), { deleted: true }),
    { pull_request: { number: "7" } },
  ];
  for (const event of others) expect(await find(github, event)).toMatchObject(none);
  expect(github.requests).toEqual([]);
});

test("waits for a rate limit, and says why it cannot look instead of throwing", async () => {
  const github = await openGitHub();
  const operation = "repos/list-pull-requests-associated-with-commit";
  github.interference.fail(operation, secondaryLimit({ retryAfter: 5 }));
  expect(await find(github, push(sha("a")))).toMatchObject({ found: true, number: 7 });
  github.interference.fail(operation, forbidden());
  const refused = await find(github, push(sha("a")));
  expect(refused).toMatchObject({ found: false, reason: "forbidden" });
  expect(refused).toHaveProperty("hint", expect.stringContaining("pull-requests: read"));
});

test("reads the event that the runner wrote", async () => {
  const folder = await mkdtemp(join(tmpdir(), "datalake-event-"));
  onTestFinished(async () => {
    await rm(folder, { recursive: true });
  });
  const path = join(folder, "event.json");
  await writeFile(path, JSON.stringify({ after: sha("a") }));
  expect(await readEvent(path)).toEqual({ after: sha("a") });
  expect(await readEvent(undefined)).toBeUndefined();
  await writeFile(path, "no json");
  expect((await errorOf(readEvent(path))).reason).toBe("invalid-input");
  expect((await errorOf(readEvent(join(folder, "missing.json")))).hint).toContain("GITHUB_EVENT_PATH");
});
