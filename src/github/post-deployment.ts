import { messageOf } from "../core/index.ts";
import type { Report } from "../report/index.ts";
import { setDeploymentStatus } from "./deployment.ts";
import { connect, type Publishing } from "./post-comment.ts";
import { findPullRequest, readEvent } from "./pull-request.ts";
import { readRun } from "./runner-variables.ts";

/**
 * Shows on GitHub's page of deployments how the environment of these reports is: there, not there any more, or broken.
 * Like a comment, a status that cannot be set is told as a notice.
 */
export async function postDeployment(
  reports: readonly Report[],
  token: string,
  { commands, variables, signal }: Publishing,
): Promise<void> {
  const run = readRun(variables);
  const named = reports.find(({ environment }) => environment !== undefined);
  if (run === undefined || named?.environment === undefined) {
    commands.print("no deployment status: this is no run of a workflow, or the reports name no environment");
    return;
  }
  const refuse = (message: string, hint = "") => {
    commands.annotate({
      level: "notice",
      title: "Deployment status not set",
      message: `${message}\n${hint}`,
    });
  };
  try {
    const api = connect(token, variables, signal);
    // A pull request's run has checked out a merge commit that is on no branch.
    const pull = await findPullRequest(await readEvent(variables["GITHUB_EVENT_PATH"]), api);
    const update = {
      lake: reports.find(({ lake }) => lake !== undefined)?.lake ?? "",
      environment: named.environment,
      sha: pull.found ? pull.headSha : run.sha,
      run,
      state: stateOf(reports),
      description: reports.find(({ verdict }) => verdict === "failed")?.headline ?? named.headline,
      logUrl: run.url,
      transient: reports.some(({ lifetime }) => lifetime === "ephemeral"),
      production: reports.some(({ lifetime }) => lifetime === "protected"),
    } as const;
    const outcome = await setDeploymentStatus(update, api);
    if (!outcome.posted) refuse(outcome.message, outcome.hint);
  } catch (error) {
    refuse(messageOf(error));
  }
}

function stateOf(reports: readonly Report[]): "success" | "failure" | "inactive" {
  if (reports.some(({ verdict }) => verdict === "failed")) return "failure";
  const isGone = reports.some(({ verb, verdict }) => verb === "destroy" && verdict === "changed");
  return isGone ? "inactive" : "success";
}
