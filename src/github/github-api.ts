import { Octokit } from "@octokit/core";
import { LakeError, systemClock, toLakeError, type Clock } from "../core/index.ts";
import { ForeignAnswer, readFailure, type Refusal } from "./refusal.ts";

/** How to reach GitHub, and for which repository. */
export interface GitHubSettings {
  /** The base URL of the REST API, as GITHUB_API_URL has it. Default: https://api.github.com. */
  readonly apiUrl?: string | undefined;
  /** It is sent to `apiUrl` and appears nowhere else. */
  readonly token: string;
  /** `owner/name`, as GITHUB_REPOSITORY has it. */
  readonly repository: string;
  readonly signal: AbortSignal;
  /** Default: the machine's own clock. */
  readonly clock?: Clock | undefined;
  /** Whose token it is, where the caller knows. Default: GitHub is asked. */
  readonly login?: string | undefined;
  /** How long a single answer may take, in milliseconds. Default: 30 s. */
  readonly answerWithin?: number | undefined;
}

/** GitHub's API for one repository. */
export interface GitHubApi {
  readonly octokit: Octokit;
  readonly owner: string;
  readonly repo: string;
  readonly login: string | undefined;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** What {@link ask} came back with: a value, or why there is none. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

/** The longest that all pauses of one {@link ask} take together, in milliseconds. */
const patience = 60_000;
/** How often an {@link ask} begins anew, whatever the pauses: GitHub may say "again at once" for ever. */
const mostAttempts = 6;

const silent = () => undefined;
const silentLog = { debug: silent, info: silent, warn: silent, error: silent };

/**
 * A way to GitHub's API for one repository; nothing is sent yet.
 *
 * @throws LakeError `invalid-input` for a repository that is not `owner/name`, or an `apiUrl` that is no URL.
 */
export function connectGitHub(settings: GitHubSettings): GitHubApi {
  const { signal, answerWithin = 30_000, apiUrl = "https://api.github.com", token } = settings;
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(settings.repository) ?? [];
  if (owner === undefined || repo === undefined) {
    throw new LakeError("invalid-input", `the repository "${settings.repository}" is not owner/name`, {
      hint: "On a runner GITHUB_REPOSITORY says it; elsewhere set it yourself.",
    });
  }
  if (!URL.canParse(apiUrl)) {
    throw new LakeError("invalid-input", `the address of GitHub's API, "${apiUrl}", is no URL`, {
      hint: "On a runner GITHUB_API_URL says it; elsewhere leave it out for github.com.",
    });
  }
  const octokit = new Octokit({
    baseUrl: apiUrl.replace(/\/+$/, ""),
    ...(token === "" ? {} : { auth: token }),
    userAgent: "datalake-actions",
    log: silentLog,
    request: {
      fetch: (url: string, options: RequestInit) =>
        fetch(url, { ...options, signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithin)]) }),
    },
  });
  // Octokit takes a page of a proxy for an answer, and its plugin for pages then breaks on it.
  octokit.hook.after("request", ({ status, data }) => {
    if (status !== 204 && (typeof data !== "object" || data === null)) throw new ForeignAnswer();
  });
  return { octokit, owner, repo, login: settings.login, signal, clock: settings.clock ?? systemClock };
}

/**
 * Does `work`, which talks to GitHub, and does it anew, from its beginning, after a failure that passes: a rate limit
 * once it is over, trouble of GitHub's or of the network after 1, 2, 4, … seconds; all pauses within 60 s.
 *
 * `work` therefore has to look first, each time, at what is there already: an answer that was lost, or an error, does
 * not say that nothing was done. Retrying the single request, as Octokit's own plugins do, would write twice.
 *
 * @param permission what the token needs for this, for the hint: "pull-requests: write".
 * @throws LakeError `cancelled` when the signal aborts; and what `work` throws that is no failure of GitHub's.
 */
export async function ask<T>(api: GitHubApi, permission: string, work: () => Promise<T>): Promise<Answer<T>> {
  let left = patience;
  for (let attempt = 1; ; attempt += 1) {
    try {
      api.signal.throwIfAborted();
      return { ok: true, value: await work() };
    } catch (thrown) {
      if (api.signal.aborted) throw toLakeError(thrown, api.signal);
      const { refusal, pause } = readFailure(thrown, { permission, now: api.clock.now(), attempt });
      if (pause === undefined || pause > left || attempt === mostAttempts) return { ok: false, refusal };
      left -= pause;
      await sleep(pause, api);
    }
  }
}

async function sleep(pause: number, { clock, signal }: GitHubApi): Promise<void> {
  try {
    await clock.sleep(pause, signal);
  } catch (thrown) {
    throw toLakeError(thrown, signal);
  }
}
