import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Run } from "../report/index.ts";

/** The variables of the runner that an action reads. Source: GitHub Docs, "Variables reference". */
export type RunnerVariables = Readonly<Record<string, string | undefined>>;

/** Which run this is; undefined outside a workflow. */
export function readRun(variables: RunnerVariables): Run | undefined {
  const { GITHUB_REPOSITORY: repository, GITHUB_SHA: sha, GITHUB_RUN_ID: id } = variables;
  if (!repository || !sha || !id || !/^\d+$/.test(id)) return undefined;
  const server = variables["GITHUB_SERVER_URL"] ?? "https://github.com";
  const attempt = Number(variables["GITHUB_RUN_ATTEMPT"] ?? "1");
  return {
    repository,
    sha,
    id: Number(id),
    attempt: Number.isInteger(attempt) && attempt > 0 ? attempt : 1,
    job: variables["GITHUB_JOB"] ?? "",
    url: `${server}/${repository}/actions/runs/${id}`,
  };
}

/** The folder of a job's reports, where the action `report` looks for them. */
export function reportsFolder(variables: RunnerVariables): string {
  return join(variables["RUNNER_TEMP"] ?? tmpdir(), "datalake-reports");
}
