import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../core/index.ts";
import { renderComment, type Report } from "../report/index.ts";
import type { Commands } from "./commands.ts";
import { connectGitHub, type GitHubApi } from "./github-api.ts";
import { findPullRequest, readEvent } from "./pull-request.ts";
import type { NotPosted } from "./refusal.ts";
import { readRun, reportsFolder, type RunnerVariables } from "./runner-variables.ts";
import { upsertStickyComment } from "./sticky-comment.ts";

/** Reports that one comment shows. */
export interface CommentRequest {
  readonly reports: readonly Report[];
  /** Which of the environment's comments it is: "lake" for the one of all jobs, else the action. */
  readonly kind: string;
  readonly token: string;
}

/** What posting needs of the run. */
export interface Publishing {
  readonly commands: Commands;
  readonly variables: RunnerVariables;
  readonly signal: AbortSignal;
}

/**
 * Posts reports as the pull request's comment of that kind and environment. What cannot be posted is no failure of the
 * run: it is told as a notice, and the comment's text is left as a file beside the reports.
 */
export async function postComment(request: CommentRequest, publishing: Publishing): Promise<void> {
  const { commands, variables } = publishing;
  const { body, cut } = renderComment(request.reports, {
    fullReport: "the run's summary",
    ...(variables["GITHUB_SERVER_URL"] ? { server: variables["GITHUB_SERVER_URL"] } : {}),
  });
  const file = join(reportsFolder(variables), `comment-${request.kind}.md`);
  await writeFile(file, body);
  const outcome = await post(request, { body, cut }, publishing);
  if (outcome === undefined) return;
  if (outcome.hint === undefined) {
    commands.print(`no comment: ${outcome.message}`);
    return;
  }
  const message = `${outcome.message}\n${outcome.hint}\nIts text is in the summary and in ${file}.`;
  commands.annotate({ level: "notice", title: "Comment not posted", message });
}

/** Returns why it was not posted; undefined when it was. */
async function post(
  { reports, kind, token }: CommentRequest,
  { body, cut }: { readonly body: string; readonly cut: boolean },
  { commands, variables, signal }: Publishing,
): Promise<Pick<NotPosted, "message" | "hint"> | undefined> {
  try {
    const run = readRun(variables);
    if (run === undefined) return { message: "this is no run of a workflow", hint: undefined };
    const api = connect(token, variables, signal);
    const pull = await findPullRequest(await readEvent(variables["GITHUB_EVENT_PATH"]), api);
    if (!pull.found) return pull;
    const marker = {
      kind,
      lake: reports.find(({ lake }) => lake !== undefined)?.lake ?? "",
      key: reports.find(({ environment }) => environment !== undefined)?.environment ?? "",
      head: pull.headSha,
      run: { id: run.id, attempt: run.attempt },
      at: timeOf(reports),
      cut,
    };
    const quiet = reports.every(({ verdict }) => verdict === "unchanged");
    const outcome = await upsertStickyComment({ pullRequest: pull.number, marker, body, quiet }, api);
    if (!outcome.posted) return outcome;
    commands.print(`comment ${outcome.change}: ${outcome.url}`);
    return undefined;
  } catch (error) {
    return { message: messageOf(error), hint: "Read why above, and run the job again." };
  }
}

/** When what the reports say was true: a run that is late must not take the place of a newer one. */
function timeOf(reports: readonly Report[]): number {
  const times = reports
    .map(({ startedAt = "" }) => Date.parse(startedAt))
    .filter((time) => !Number.isNaN(time));
  return times.length === 0 ? Date.now() : Math.max(...times);
}

/** GitHub's API for the run's own repository. */
export function connect(token: string, variables: RunnerVariables, signal: AbortSignal): GitHubApi {
  const repository = variables["GITHUB_REPOSITORY"] ?? "";
  return connectGitHub({ apiUrl: variables["GITHUB_API_URL"], token, repository, signal });
}
