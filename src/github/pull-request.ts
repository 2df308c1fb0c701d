import { readFile } from "node:fs/promises";
import { z } from "zod";
import { LakeError } from "../core/index.ts";
import { ask, type GitHubApi } from "./github-api.ts";
import type { RefusalReason } from "./refusal.ts";

/** The pull request that a workflow run is for, or why there is none. */
export type PullRequestSearch =
  | {
      readonly found: true;
      readonly number: number;
      /** The commit that the run looks at. */
      readonly headSha: string;
    }
  | {
      readonly found: false;
      /** `no-pull-request`: nothing is wrong, the run is for none. */
      readonly reason: RefusalReason | "no-pull-request";
      readonly message: string;
      readonly hint: string | undefined;
    };

const shaSchema = z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/);
const numberSchema = z.number().int().positive();
const pullSchema = z.object({
  number: numberSchema,
  state: z.string(),
  merged_at: z.string().nullish(),
  head: z.object({ sha: shaSchema, repo: z.object({ full_name: z.string() }).nullish() }),
});
type Pull = z.infer<typeof pullSchema>;

/** Events that carry their pull request: pull_request, pull_request_target, pull_request_review and its comments. */
const pullEventSchema = z.object({
  pull_request: z.object({ number: numberSchema, head: z.object({ sha: shaSchema }) }),
});
const commentEventSchema = z.object({
  issue: z.object({ number: numberSchema, pull_request: z.object({}) }),
});
const runEventSchema = z.object({
  workflow_run: z.object({
    head_sha: shaSchema,
    head_branch: z.string(),
    head_repository: z.object({ full_name: z.string(), owner: z.object({ login: z.string() }) }),
  }),
});
const pushEventSchema = z.object({ ref: z.string(), after: shaSchema, deleted: z.literal(false).optional() });

/**
 * The payload of the event that started the workflow: what the file that GITHUB_EVENT_PATH names holds; undefined where
 * the variable is not set.
 *
 * @throws LakeError `invalid-input` if the file cannot be read or holds no JSON.
 */
export async function readEvent(path: string | undefined): Promise<unknown> {
  if (path === undefined || path === "") return undefined;
  try {
    return JSON.parse(await readFile(path, "utf8")) as unknown;
  } catch (cause) {
    throw new LakeError("invalid-input", `the event in ${path} cannot be read`, {
      hint: "GITHUB_EVENT_PATH has to name the file that the runner wrote; unset it outside a workflow.",
      cause,
    });
  }
}

/**
 * Finds the pull request that the run is for, by what kind of event started it: one that carries the pull request or a
 * comment on one; `workflow_run`, by the branch of the run that ended, since its own list is empty for forks; and
 * `push`, by the commit: an open pull request, else the one that was merged by it.
 *
 * Nothing that the event's author could choose, such as an artifact, decides: only the payload and GitHub's answers.
 *
 * @throws LakeError `cancelled`.
 */
export async function findPullRequest(event: unknown, api: GitHubApi): Promise<PullRequestSearch> {
  const direct = pullEventSchema.safeParse(event);
  if (direct.success) return toFound(direct.data.pull_request.number, direct.data.pull_request.head.sha);
  const answer = await ask(api, "pull-requests: read", async () => await look(event, api));
  if (answer.ok) return answer.value ?? none;
  return { found: false, ...answer.refusal };
}

async function look(event: unknown, api: GitHubApi): Promise<PullRequestSearch | undefined> {
  const comment = commentEventSchema.safeParse(event);
  if (comment.success) return await lookAtPull(comment.data.issue.number, api);
  const run = runEventSchema.safeParse(event);
  if (run.success) return await lookForBranch(run.data.workflow_run, api);
  const push = pushEventSchema.safeParse(event);
  if (push.success) return await lookForCommit(push.data.after, api);
  return undefined;
}

async function lookAtPull(number: number, { octokit, owner, repo }: GitHubApi): Promise<PullRequestSearch> {
  const { data } = await octokit.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
    owner,
    repo,
    pull_number: number,
  });
  return toFound(number, pullSchema.parse(data).head.sha);
}

type WorkflowRun = z.infer<typeof runEventSchema>["workflow_run"];

async function lookForBranch(run: WorkflowRun, { octokit, owner, repo }: GitHubApi) {
  const { data } = await octokit.request("GET /repos/{owner}/{repo}/pulls", {
    owner,
    repo,
    state: "all",
    head: `${run.head_repository.owner.login}:${run.head_branch}`,
    per_page: 100,
  });
  const pulls = z.array(pullSchema).parse(data);
  const candidates = pulls.filter(({ head }) => head.repo?.full_name === run.head_repository.full_name);
  // The pull request may have been closed, or have got more commits, since the run began; but not both.
  return choose(run.head_sha, candidates, [
    ({ head }) => head.sha === run.head_sha,
    ({ state }) => state === "open",
  ]);
}

async function lookForCommit(sha: string, { octokit, owner, repo }: GitHubApi) {
  const { data } = await octokit.request("GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", {
    owner,
    repo,
    commit_sha: sha,
    per_page: 100,
  });
  return choose(sha, z.array(pullSchema).parse(data), [
    ({ state, head }) => state === "open" && head.sha === sha,
    ({ state }) => state === "open",
    (pull) => typeof pull.merged_at === "string",
  ]);
}

function choose(
  sha: string,
  pulls: readonly Pull[],
  preferences: readonly ((pull: Pull) => boolean)[],
): PullRequestSearch | undefined {
  const [chosen] = preferences.flatMap((isPreferred) => pulls.filter(isPreferred));
  return chosen === undefined ? undefined : toFound(chosen.number, sha);
}

const toFound = (number: number, headSha: string): PullRequestSearch => ({ found: true, number, headSha });
const none: PullRequestSearch = {
  found: false,
  reason: "no-pull-request",
  message: "the run is for no pull request",
  hint: undefined,
};
