import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../core/index.ts";
import { renderSummary, type Report } from "../report/index.ts";
import type { Action } from "./action.ts";
import { postComment, type Publishing } from "./post-comment.ts";
import { postDeployment } from "./post-deployment.ts";
import { reportsFolder } from "./runner-variables.ts";

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

/** Writes the report as a file, into the job's summary, and, where it is wished for, into the pull request's comment. */
export async function publishReport(
  { action, report, shown, raw, cancelled }: Publication,
  publishing: Publishing,
): Promise<void> {
  const { commands, variables } = publishing;
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
  if (cancelled) return;
  const token = raw["token"] ?? "";
  const wants = (input: string) => raw[input]?.trim().toLowerCase() === "true";
  // One comment tells of all jobs; that of a single action stands beside it.
  const kind = action.name === "report" ? "lake" : action.name;
  if (wants("comment")) await postComment({ reports: shown, kind, token }, publishing);
  if (wants("deployment")) await postDeployment(shown, token, publishing);
}
