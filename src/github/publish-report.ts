import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "../core/index.ts";
import { renderSummary, type Report } from "../report/index.ts";
import type { Action } from "./action.ts";
import type { Commands } from "./commands.ts";
import { postComment } from "./post-comment.ts";
import type { RunnerVariables } from "./runner-variables.ts";

/** A report to make known. */
interface Publication {
  readonly action: Action;
  readonly report: Report;
  /** What the summary shows. */
  readonly shown: readonly Report[];
  readonly raw: Readonly<Record<string, string | undefined>>;
  /** A cancelled run has a few seconds left, and none for a comment. */
  readonly cancelled: boolean;
}

/** The folder of a job's reports, where the action `report` looks for them. */
export function reportsFolder(variables: RunnerVariables): string {
  return join(variables["RUNNER_TEMP"] ?? tmpdir(), "datalake-reports");
}

/** Writes the report as a file, into the job's summary, and, where it is wished for, into the pull request's comment. */
export async function publishReport(
  { action, report, shown, raw, cancelled }: Publication,
  { commands, variables }: { readonly commands: Commands; readonly variables: RunnerVariables },
): Promise<void> {
  const folder = reportsFolder(variables);
  const file = join(folder, `${action.name}-${randomUUID()}.json`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(file, `${JSON.stringify(report, undefined, 2)}\n`);
    commands.output("report-file", file);
    commands.summarise(renderSummary(shown));
  } catch (error) {
    commands.annotate({ level: "warning", title: "Report not written", message: messageOf(error) });
  }
  if (raw["comment"]?.trim().toLowerCase() !== "true" || cancelled) return;
  await postComment({ reports: shown, kind: action.name, token: raw["token"] }, { commands, variables });
}
