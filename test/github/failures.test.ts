import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { LakeError } from "../../src/core/index.ts";
import {
  formatMarker,
  upsertStickyComment,
  type CommentOutcome,
  type GitHubSettings,
} from "../../src/github/index.ts";
import {
  bodyTooLong,
  connectionReset,
  forbidden,
  notFound,
  primaryLimit,
  proxyPage,
  secondaryLimit,
  serverError,
  silence,
  type Fault,
  type GitHub,
} from "../support/github/index.ts";
import { connect, errorOf, markerAt, openGitHub, operationsOf, ownBodies } from "./github-bed.ts";

const login = "github-actions[bot]";

async function post(github: GitHub, settings: Partial<GitHubSettings> = {}) {
  const api = connect(github, { login, ...settings });
  const comment = { pullRequest: 7, marker: markerAt(2), body: "report" };
  const outcome: CommentOutcome = await upsertStickyComment(comment, api);
  return { outcome, sleeps: api.sleeps };
}

const steps = ["issues/list-comments", "issues/create-comment"];

test.each<[string, Fault, string]>([
  ["403", forbidden(), "forbidden"],
  ["404", notFound(), "not-found"],
  ["422", bodyTooLong(), "invalid"],
])("says at once why it is not posted: %s", async (_, fault, reason) => {
  for (const step of steps) {
    const github = await openGitHub();
    github.interference.fail(step, fault);
    const { outcome, sleeps } = await post(github);
    expect(outcome).toMatchObject({ posted: false, reason });
    expect(outcome).toHaveProperty("message", expect.stringContaining("GitHub refused"));
    expect(sleeps).toEqual([]);
    expect(github.state.comments).toEqual([]);
  }
});

test("says what a read-only token on a fork needs, and that a token is no longer valid", async () => {
  const github = await openGitHub();
  github.addToken("read-only", { login, isInstallation: true, isReadOnly: true });
  const { outcome } = await post(github, { token: "read-only" });
  expect(outcome).toEqual({
    posted: false,
    reason: "forbidden",
    message: expect.stringContaining("Resource not accessible by integration") as string,
    hint: expect.stringMatching(/permissions: pull-requests: write.*forks.*workflow_run/) as string,
  });
  expect((await post(github, { token: "gone" })).outcome).toMatchObject({ reason: "unauthorized" });
  expect((await post(github, { token: "" })).outcome).toMatchObject({ reason: "unauthorized" });
  expect(github.state.comments).toEqual([]);
});

test.each<[string, Fault, number, number]>([
  ["a primary limit, 403", primaryLimit({ resetIn: 20 }), 19_000, 22_000],
  ["a primary limit, 429", primaryLimit({ resetIn: 20, status: 429 }), 19_000, 22_000],
  ["a secondary limit, 403", secondaryLimit({ retryAfter: 7 }), 7000, 7000],
  ["a secondary limit, 429", secondaryLimit({ retryAfter: 7, status: 429 }), 7000, 7000],
  ["a secondary limit with no time", secondaryLimit(), 60_000, 60_000],
  ["trouble", serverError(), 1000, 1000],
  ["trouble behind GitHub's front", serverError({ status: 502 }), 1000, 1000],
  ["a cut connection", connectionReset(), 1000, 1000],
  ["a page of a proxy", proxyPage(), 1000, 1000],
])("waits for %s to pass, and posts once", async (_, fault, least, most) => {
  for (const step of steps) {
    const github = await openGitHub();
    github.interference.fail(step, fault);
    const { outcome, sleeps } = await post(github);
    expect(outcome).toMatchObject({ posted: true, change: "created" });
    expect(sleeps).toHaveLength(1);
    expect(sleeps[0]).toBeGreaterThanOrEqual(least);
    expect(sleeps[0]).toBeLessThanOrEqual(most);
    expect(ownBodies(github)).toEqual(["report"]);
  }
});

test.each<[string, Fault]>([
  ["an error", serverError({ served: true })],
  ["a cut connection", connectionReset({ served: true })],
])("does not post again what GitHub took and answered with %s", async (_, fault) => {
  const github = await openGitHub();
  github.interference.fail("issues/create-comment", fault);
  expect((await post(github)).outcome).toMatchObject({ posted: true, change: "created" });
  expect(ownBodies(github)).toEqual(["report"]);
  expect(operationsOf(github).filter((operation) => operation === "issues/create-comment")).toHaveLength(1);
});

test("asks again whose token it is rather than guess", async () => {
  const github = await openGitHub();
  github.addToken("app", { login: "our-app[bot]", isInstallation: true, isReadOnly: false });
  for (const fault of [secondaryLimit({ retryAfter: 7 }), serverError(), connectionReset()]) {
    github.interference.fail("graphql", fault);
    const { outcome } = await post(github, { token: "app", login: undefined });
    expect(outcome).toMatchObject({ posted: true });
  }
  expect(operationsOf(github).filter((operation) => operation === "issues/create-comment")).toHaveLength(1);
  expect(github.state.comments.map(({ author }) => author)).toEqual(["our-app[bot]"]);
});

test("looks again after a pause before it writes, so that it does not write over who came meanwhile", async () => {
  const github = await openGitHub();
  const write = (minute: number, body: string) => `${formatMarker(markerAt(minute))}\n${body}`;
  const place = github.state.addComment({ issue: 7, author: login, body: write(1, "older") });
  github.interference.fail("issues/update-comment", secondaryLimit({ retryAfter: 30 }));
  github.interference.beforeNext("issues/update-comment", () => {
    place.body = write(3, "newer");
  });
  expect((await post(github)).outcome).toMatchObject({ posted: false, reason: "newer-there" });
  expect(ownBodies(github)).toEqual(["newer"]);
});

test("gives up where a limit lasts longer than a minute, or never ends", async () => {
  const github = await openGitHub();
  github.interference.fail("issues/list-comments", primaryLimit({ resetIn: 1800 }));
  const long = await post(github);
  expect(long.outcome).toMatchObject({ posted: false, reason: "rate-limited" });
  expect(long.outcome).toHaveProperty("message", expect.stringMatching(/another (29|30) min/));
  expect(long.sleeps).toEqual([]);

  github.interference.fail("issues/list-comments", secondaryLimit({ retryAfter: 25 }), 100);
  const often = await post(github);
  expect(often).toMatchObject({ outcome: { reason: "rate-limited" }, sleeps: [25_000, 25_000] });
});

test("gives up where GitHub says 'again at once' for ever, has trouble for ever, or is not there", async () => {
  const github = await openGitHub();
  github.interference.fail("issues/list-comments", secondaryLimit({ retryAfter: 0 }), 6);
  expect(await post(github)).toMatchObject({ outcome: { reason: "rate-limited" }, sleeps: [0, 0, 0, 0, 0] });
  github.interference.fail("issues/list-comments", serverError(), 100);
  expect((await post(github)).outcome).toMatchObject({ posted: false, reason: "server-error" });

  const other = await openGitHub();
  await other.close();
  const { outcome, sleeps } = await post(other);
  expect(outcome).toMatchObject({ posted: false, reason: "unreachable" });
  expect(sleeps.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(60_000);
});

test("counts a comment as posted if only the look after it fails", async () => {
  const github = await openGitHub();
  github.interference.beforeNext("issues/create-comment", () => {
    github.interference.fail("issues/list-comments", forbidden());
  });
  expect((await post(github)).outcome).toMatchObject({ posted: true, change: "created" });
});

test("does not wait for ever for a single answer", async () => {
  const github = await openGitHub();
  github.interference.fail("issues/list-comments", silence());
  expect((await post(github, { answerWithin: 50 })).outcome).toMatchObject({ posted: true });
});

test("a cancel ends a request that is under way, and a pause", async () => {
  const github = await openGitHub();
  const cancel = () => {
    const controller = new AbortController();
    return {
      signal: controller.signal,
      end: () => {
        controller.abort(new LakeError("cancelled", "cancelled"));
      },
    };
  };
  const request = cancel();
  github.interference.fail("issues/list-comments", silence());
  github.interference.beforeNext("issues/list-comments", request.end);
  expect((await errorOf(post(github, { signal: request.signal }))).reason).toBe("cancelled");

  const pause = cancel();
  github.interference.fail("issues/list-comments", secondaryLimit({ retryAfter: 30 }));
  const clock = {
    now: () => Date.now(),
    sleep: async (_: number, signal?: AbortSignal) => {
      pause.end();
      await setImmediate(undefined);
      signal?.throwIfAborted();
    },
  };
  expect((await errorOf(post(github, { signal: pause.signal, clock }))).reason).toBe("cancelled");
  expect(github.state.comments).toEqual([]);
});

test("says the token to nobody but GitHub", async () => {
  const github = await openGitHub();
  github.addToken("ghp_secret", { login, isInstallation: false, isReadOnly: true });
  const said: unknown[] = [(await post(github, { token: "ghp_secret" })).outcome];
  github.interference.fail("issues/list-comments", serverError(), 100);
  said.push((await post(github, { token: "ghp_secret" })).outcome);
  expect(JSON.stringify(said)).not.toContain("secret");
  expect(github.requests[0]?.headers["authorization"]).toContain("ghp_secret");
});

test.each([
  ["a repository", { repository: "shop" }],
  ["an address", { apiUrl: "api.github.com" }],
])("refuses %s that is none", async (_, settings) => {
  const github = await openGitHub();
  expect(() => connect(github, settings)).toThrow(LakeError);
});
