import { z } from "zod";
import { ask, type GitHubApi } from "./github-api.ts";
import { notPosted, type NotPosted } from "./refusal.ts";

/** How an environment is to be shown on GitHub. */
export interface DeploymentUpdate {
  readonly lake: string;
  /** The lake's environment: "dev", "pr-12". */
  readonly environment: string;
  /** The commit that is deployed. */
  readonly sha: string;
  /** The workflow run that deploys; all its updates are of one deployment. */
  readonly run: { readonly id: number; readonly attempt: number };
  /** `inactive`: the environment is gone, and so is every deployment to it. */
  readonly state: "in_progress" | "success" | "failure" | "inactive";
  /** One line; GitHub takes 140 characters, the rest is cut. */
  readonly description?: string | undefined;
  /** Where the log is. */
  readonly logUrl?: string | undefined;
  /** Where the environment can be looked at. */
  readonly environmentUrl?: string | undefined;
  /** The environment will not stay for ever, as one of a pull request. Default: false. */
  readonly transient?: boolean | undefined;
  /** People work with the environment. Default: false. */
  readonly production?: boolean | undefined;
}

/** What became of a deployment's status. */
export type DeploymentOutcome =
  | {
      readonly posted: true;
      readonly change: "created" | "updated" | "unchanged";
      /** The deployment's id; undefined where there was none to end. */
      readonly deployment: number | undefined;
    }
  | NotPosted;

const permission = "deployments: write";
const longestDescription = 140;

const payloadSchema = z.object({ datalake: z.literal(1), lake: z.string(), run: z.string() });
const deploymentSchema = z.object({
  id: z.number(),
  // What it was created with, which GitHub gives back as an object or as its text.
  payload: z.preprocess(parseText, payloadSchema.optional().catch(undefined)),
});
type Deployment = z.infer<typeof deploymentSchema>;
const statusSchema = z.object({
  id: z.number(),
  state: z.string(),
  description: z.string().nullish(),
  log_url: z.string().nullish(),
  environment_url: z.string().nullish(),
});
type Status = z.infer<typeof statusSchema>;
/** What of an update goes into a status. */
type Said = Pick<DeploymentUpdate, "state" | "description" | "logUrl" | "environmentUrl">;

/**
 * Shows on GitHub how a run's deployment to an environment goes: one GitHub Deployment a run, lake and environment, made
 * at its first update. Deployments that others made for the environment, such as a job's `environment:`, are left alone.
 *
 * A success ends the deployments before it: GitHub does that itself, but not for transient environments.
 *
 * @returns why it was not posted instead of throwing: the deployment itself does not depend on it.
 * @throws LakeError `cancelled`.
 */
export async function setDeploymentStatus(
  update: DeploymentUpdate,
  api: GitHubApi,
): Promise<DeploymentOutcome> {
  const progress: Progress = { change: "unchanged" };
  const answer = await ask(api, permission, async () =>
    update.state === "inactive" ? await endAll(update, progress, api) : await show(update, progress, api),
  );
  return answer.ok
    ? { posted: true, change: progress.change, deployment: answer.value }
    : notPosted(answer.refusal);
}

/** What has been changed over all attempts of one call. */
interface Progress {
  change: "created" | "updated" | "unchanged";
}

async function show(update: DeploymentUpdate, progress: Progress, api: GitHubApi): Promise<number> {
  const run = `${update.run.id}.${update.run.attempt}`;
  const known = await listOurs(update, { sha: update.sha }, api);
  let id = known.find(({ payload }) => payload?.run === run)?.id;
  if (id === undefined) {
    // Said before it is so: where only the answer is lost, the next look finds the deployment.
    progress.change = "created";
    id = await create(update, run, api);
  }
  const latest = await readLatestStatus(id, api);
  if (!isSaid(update, latest)) await addStatus(id, update, progress, api);
  if (update.state === "success" && update.transient === true) {
    const all = await listOurs(update, {}, api);
    await endEach(
      all.filter((deployment) => deployment.id < id),
      progress,
      api,
    );
  }
  return id;
}

async function endAll(update: DeploymentUpdate, progress: Progress, api: GitHubApi) {
  const all = await listOurs(update, {}, api);
  await endEach(all, progress, api);
  return all[0]?.id;
}

/** Ends deployments, from the newest, up to one that has been ended before: those before it were too. */
async function endEach(
  deployments: readonly Deployment[],
  progress: Progress,
  api: GitHubApi,
): Promise<void> {
  for (const { id } of deployments) {
    const state = (await readLatestStatus(id, api))?.state;
    if (state === "inactive") return;
    const isOver = state === "failure" || state === "error";
    if (!isOver) await addStatus(id, { state: "inactive" }, progress, api);
  }
}

/** Our own deployments of this lake's environment among the newest 100, the newest first. */
async function listOurs(
  { lake, environment }: DeploymentUpdate,
  filter: { readonly sha?: string },
  { octokit, owner, repo }: GitHubApi,
): Promise<Deployment[]> {
  const { data } = await octokit.request("GET /repos/{owner}/{repo}/deployments", {
    owner,
    repo,
    environment,
    per_page: 100,
    ...filter,
  });
  const ours = z
    .array(deploymentSchema)
    .parse(data)
    .filter(({ payload }) => payload?.lake === lake);
  return ours.sort((one, other) => other.id - one.id);
}

async function create(
  update: DeploymentUpdate,
  run: string,
  { octokit, owner, repo }: GitHubApi,
): Promise<number> {
  const { data } = await octokit.request("POST /repos/{owner}/{repo}/deployments", {
    owner,
    repo,
    ref: update.sha,
    environment: update.environment,
    payload: { datalake: 1, lake: update.lake, run },
    // What is deployed is what was checked out, whatever the default branch and the other checks are at.
    auto_merge: false,
    required_contexts: [],
    transient_environment: update.transient ?? false,
    production_environment: update.production ?? false,
  });
  return deploymentSchema.parse(data).id;
}

async function readLatestStatus(
  id: number,
  { octokit, owner, repo }: GitHubApi,
): Promise<Status | undefined> {
  const { data } = await octokit.request("GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", {
    owner,
    repo,
    deployment_id: id,
    per_page: 100,
  });
  const statuses = z.array(statusSchema).parse(data);
  return statuses.sort((one, other) => other.id - one.id)[0];
}

/** Whether the latest status says already what is to be said: its request came through and its answer was lost. */
function isSaid(update: Said, latest: Status | undefined): boolean {
  return (
    latest?.state === update.state &&
    (latest.description ?? "") === describe(update) &&
    (latest.log_url ?? "") === (update.logUrl ?? "") &&
    (latest.environment_url ?? "") === (update.environmentUrl ?? "")
  );
}

async function addStatus(id: number, update: Said, progress: Progress, api: GitHubApi): Promise<void> {
  const { octokit, owner, repo } = api;
  if (progress.change === "unchanged") progress.change = "updated";
  await octokit.request("POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", {
    owner,
    repo,
    deployment_id: id,
    state: update.state,
    description: describe(update),
    ...(update.logUrl === undefined ? {} : { log_url: update.logUrl }),
    ...(update.environmentUrl === undefined ? {} : { environment_url: update.environmentUrl }),
  });
}

function describe({ description = "" }: Said): string {
  const line = description.replaceAll(/\s+/g, " ").trim();
  const characters = Array.from(line);
  return characters.length <= longestDescription
    ? line
    : `${characters.slice(0, longestDescription - 1).join("")}…`;
}

function parseText(payload: unknown): unknown {
  if (typeof payload !== "string") return payload;
  try {
    return JSON.parse(payload) as unknown;
  } catch {
    return undefined;
  }
}
