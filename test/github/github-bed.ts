import { onTestFinished } from "vitest";
import { LakeError, type Clock } from "../../src/core/index.ts";
import { connectGitHub, type GitHubApi, type GitHubSettings, type Marker } from "../../src/github/index.ts";
import { startGitHub, type GitHub, type StoredComment } from "../support/github/index.ts";

/** A stand-in that ends with the test, which fails if a request or answer did not fit GitHub's description. */
export async function openGitHub(): Promise<GitHub> {
  const github = await startGitHub();
  onTestFinished(async () => {
    await github.close();
  });
  github.state.addPull({ number: 7, headOwner: "acme" });
  return github;
}

/** A clock on which a sleep is over at once; `sleeps` grows with the milliseconds of each. */
function createFastClock(): Clock & { readonly sleeps: readonly number[] } {
  const sleeps: number[] = [];
  let slept = 0;
  return {
    sleeps,
    now: () => Date.now() + slept,
    sleep: (milliseconds, signal) => {
      signal?.throwIfAborted();
      sleeps.push(milliseconds);
      slept += milliseconds;
      return Promise.resolve();
    },
  };
}

/** A connection to the stand-in with its GITHUB_TOKEN, on a {@link createFastClock} of its own. */
export function connect(
  github: GitHub,
  settings: Partial<GitHubSettings> = {},
): GitHubApi & { readonly sleeps: readonly number[] } {
  const clock = createFastClock();
  const { url: apiUrl, token, repository } = github;
  const { signal } = new AbortController();
  return {
    ...connectGitHub({ apiUrl, token, repository, signal, clock, ...settings }),
    sleeps: clock.sleeps,
  };
}

/** A marker at `minute` of some hour, by the run of that number. */
export function markerAt(minute: number, changes: Partial<Marker> = {}): Marker {
  return {
    kind: "lake",
    lake: "dl-handson-v2",
    key: "pr-7",
    head: "a".repeat(40),
    run: { id: 100 + minute, attempt: 1 },
    at: Date.UTC(2026, 10, 24, 9, minute),
    cut: false,
    ...changes,
  };
}

/** The bodies of the comments of our own login, without their first lines. */
export function ownBodies(github: GitHub): string[] {
  return github.state.comments
    .filter(({ author }) => author === "github-actions[bot]")
    .map(({ body }) => body.split("\n").slice(1).join("\n"));
}

/** The operations of all requests since `from`, in order. */
export function operationsOf(github: GitHub, from = 0): string[] {
  return github.requests.slice(from).map(({ operation }) => operation);
}

/** Adds comments of people, each other than the one before. */
export function addChatter(github: GitHub, count: number): StoredComment[] {
  return Array.from({ length: count }, (_, index) =>
    github.state.addComment({ issue: 7, author: "somebody", body: `comment ${index}` }),
  );
}

/** The LakeError that `promise` rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<LakeError> {
  const thrown: unknown = await promise.catch((error: unknown) => error);
  if (thrown instanceof LakeError) return thrown;
  throw new Error(`not a LakeError: ${JSON.stringify(thrown)}`);
}
