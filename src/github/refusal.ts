import { RequestError } from "@octokit/request-error";
import { z } from "zod";
import { formatDuration, LakeError } from "../core/index.ts";

/** Why GitHub did not do what it was asked for. */
export type RefusalReason =
  "unauthorized" | "forbidden" | "not-found" | "invalid" | "rate-limited" | "server-error" | "unreachable";

/** Why GitHub did not do what it was asked for, and what can be done about it. */
export interface Refusal {
  readonly reason: RefusalReason;
  /** What happened and why, in lower case and without a full stop; of GitHub's own words, one line at most. */
  readonly message: string;
  /** What to do next, as one sentence. */
  readonly hint: string;
}

/** Why something is not on GitHub: a {@link Refusal}, or because it need not be. */
export interface NotPosted {
  readonly posted: false;
  /** `newer-there`: a later run has written already. `quiet`: there was nothing to say. Neither needs any action. */
  readonly reason: RefusalReason | "newer-there" | "quiet";
  /** What happened and why, in lower case and without a full stop. Untrusted: it may have words from anywhere. */
  readonly message: string;
  /** What to do next, as one sentence; undefined where there is nothing to do. */
  readonly hint: string | undefined;
}

/** A refusal as the outcome of what should have been posted. */
export function notPosted({ reason, message, hint }: Refusal): NotPosted {
  return { posted: false, reason, message, hint };
}

/** What answered is not GitHub's API. */
export class ForeignAnswer extends Error {}

interface Failure {
  readonly refusal: Refusal;
  /** After how many milliseconds the same may work; undefined where it will not. */
  readonly pause: number | undefined;
}

interface Circumstances {
  readonly permission: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How many attempts there were, with the one that failed. */
  readonly attempt: number;
}

/** Reads a failure of a call to GitHub's API; throws on whatever is none. */
export function readFailure(thrown: unknown, circumstances: Circumstances): Failure {
  const pause = 1000 * 2 ** (circumstances.attempt - 1);
  if (thrown instanceof ForeignAnswer || thrown instanceof z.ZodError) {
    const hint = "Check that GITHUB_API_URL leads to GitHub, and that no proxy answers in its place.";
    const message = "what answered does not speak GitHub's API";
    return { refusal: { reason: "server-error", message, hint }, pause };
  }
  if (!(thrown instanceof RequestError)) {
    throw thrown instanceof LakeError
      ? thrown
      : new LakeError("internal", "talking to GitHub failed in an unexpected way", { cause: thrown });
  }
  // Octokit gives a request without an answer the status 500.
  if (thrown.response === undefined) {
    const hint = "Check the runner's network and proxy, and githubstatus.com.";
    const message = `GitHub could not be reached (${oneLine(thrown.message)})`;
    return { refusal: { reason: "unreachable", message, hint }, pause };
  }
  const wait = readRateLimit(thrown, circumstances);
  if (wait !== undefined) return { refusal: refuseForNow(thrown, wait), pause: wait };
  const reason = reasonOf(thrown.status);
  return {
    refusal: refuse(reason, `${oneLine(thrown.message)} (${thrown.status})`, circumstances.permission),
    pause: reason === "server-error" ? pause : undefined,
  };
}

/** Whether GitHub refuses because of how many requests there were. */
export function isRateLimited(error: RequestError): boolean {
  return readRateLimit(error, { now: Date.now() }) !== undefined;
}

/**
 * How long a rate limit lasts yet, in milliseconds; undefined where the failure is no rate limit. The rules are
 * GitHub's "Best practices for using the REST API": `retry-after`, else `x-ratelimit-reset` where nothing is left, else
 * a minute.
 */
function readRateLimit(error: RequestError, { now }: Pick<Circumstances, "now">): number | undefined {
  if (error.status !== 403 && error.status !== 429) return undefined;
  const headers = error.response?.headers ?? {};
  const retryAfter = Number(headers["retry-after"] ?? Number.NaN);
  if (Number.isFinite(retryAfter)) return Math.max(retryAfter, 0) * 1000;
  if (headers["x-ratelimit-remaining"] === "0") {
    // The reset is a time of GitHub's clock, which need not be the runner's.
    const serverNow = Date.parse(headers.date ?? "");
    const reset = Number(headers["x-ratelimit-reset"] ?? Number.NaN) * 1000;
    if (Number.isFinite(reset))
      return Math.max(reset - (Number.isNaN(serverNow) ? now : serverNow), 0) + 1000;
  }
  return error.status === 429 || /rate limit|abuse detection/i.test(error.message) ? 60_000 : undefined;
}

function refuseForNow(error: RequestError, wait: number): Refusal {
  return {
    reason: "rate-limited",
    message: `GitHub's rate limit is reached for another ${formatDuration(wait)}: ${oneLine(error.message)}`,
    hint: "Run the job again after that, or give it a token of its own: jobs of one repository share a limit.",
  };
}

function reasonOf(status: number): RefusalReason {
  if (status >= 500) return "server-error";
  if (status === 401) return "unauthorized";
  if (status === 403) return "forbidden";
  return status === 404 ? "not-found" : "invalid";
}

function refuse(reason: RefusalReason, said: string, permission: string): Refusal {
  const needs = `Give the job "permissions: ${permission}"`;
  const hints: Readonly<Record<RefusalReason, string>> = {
    unauthorized: "Pass a token that is still valid; ${{ github.token }} is, while its job runs.",
    forbidden: `${needs}; on pull requests from forks the token may only read, so do this in a workflow_run workflow.`,
    "not-found": `${needs}, and check that what it is for is in this repository.`,
    invalid: "Read what GitHub says is wrong with it.",
    "rate-limited": "Run the job again later.",
    "server-error": "Run the job again once githubstatus.com shows no trouble.",
    unreachable: "Check the runner's network and proxy.",
  };
  return { reason, message: `GitHub refused: ${said}`, hint: hints[reason] };
}

/** GitHub's words may come from anywhere on the way to it: one short line of them. */
function oneLine(words: string): string {
  const line = words.replaceAll(/\s+/g, " ").trim();
  return line.length <= 300 ? line : `${line.slice(0, 299)}…`;
}
