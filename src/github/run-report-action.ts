import { mkdir } from "node:fs/promises";
import {
  countOf,
  declare,
  exitCodeOf,
  knownReason,
  listWords,
  printable,
  type LakeError,
  type Reason,
} from "../core/index.ts";
import { table, type Report } from "../report/index.ts";
import { commonOutputs, reportingInputs, type Action } from "./action.ts";
import { readReports, type ReadReports } from "./read-reports.ts";
import { runAction, type ActionResult } from "./run-action.ts";
import { reportsFolder } from "./runner-variables.ts";

const inputs = declare({
  reports: {
    kind: "lines",
    description:
      "Report files, or folders of them, a line each; default: those that this job's earlier steps have left.",
  },
  ...reportingInputs,
  comment: { ...reportingInputs.comment, default: "true" },
  deployment: {
    kind: "flag",
    default: "false",
    description: "Also set a GitHub Deployment's status for the environment; needs `deployments: write`.",
  },
});

/** Brings the reports of many jobs together. */
export const reportAction: Action<typeof inputs> = {
  name: "report",
  description: "Bring the reports of a run's jobs into one comment, one summary and one verdict.",
  inputs,
  outputs: commonOutputs,
  post: false,
};

/** Runs the action `report`. */
export async function runReportAction(): Promise<void> {
  await runAction(reportAction, async ({ inputs: { reports: paths }, variables, commands }) => {
    const folder = reportsFolder(variables);
    // No earlier step that left a report has made it.
    await mkdir(folder, { recursive: true });
    const read = await readReports(paths ?? [folder]);
    for (const { verb, verdict, headline } of read.reports)
      commands.print(printable(`${verdict === "failed" ? "✗" : "✓"} ${verb}  ${headline}`));
    return mergeReports(read);
  });
}

/** One verdict of many: the worst. */
function mergeReports({ reports, broken }: ReadReports): ActionResult {
  const shown = broken.length === 0 ? reports : [...reports, reportBroken(broken)];
  const failed = shown.filter((report) => report.verdict === "failed");
  const isChanged = reports.some((report) => report.verdict === "changed");
  const verdict = failed.length > 0 ? "failed" : isChanged ? "changed" : "passed";
  const names = listWords([...new Set(failed.map(({ verb }) => verb))]);
  const headline =
    failed.length === 0
      ? `${countOf(reports.length, "report")}, all good`
      : `${failed.length} of ${countOf(shown.length, "report")} failed: ${names}`;
  const [first] = reports;
  const rows = shown.map((report) => [report.verb, report.verdict, report.headline]);
  return {
    report: {
      version: 1,
      verb: "report",
      lake: reports.find(({ lake }) => lake !== undefined)?.lake,
      environment: first?.environment,
      verdict,
      headline,
      sections: [table("Reports", ["what", "verdict", "in short"], rows)],
      findings: shown.find(({ verb }) => verb === "report")?.findings ?? [],
      timings: [],
    },
    shown,
    data: {},
    outputs: {},
    ...(failed.length > 0 ? { failureReason: worstReason(failed) } : {}),
  };
}

/** The files that are no reports, as a report of their own. */
function reportBroken(broken: readonly LakeError[]): Report {
  const headline = `${countOf(broken.length, "file is", "files are")} no report`;
  const findings = broken.map(({ message }) => {
    return { severity: "error", title: "no report", subject: "reports", why: message } as const;
  });
  const failure = { reason: "invalid-input", message: headline, mistakes: [] };
  return {
    version: 1,
    verb: "report",
    verdict: "failed",
    headline,
    sections: [],
    findings,
    timings: [],
    failure,
  };
}

/** Errors weigh more than time-outs, these more than refusals, and these more than failed checks. */
function worstReason(failed: readonly Report[]): Reason {
  const reasons = failed.map(({ failure }) => (failure ? knownReason(failure.reason) : "checks-failed"));
  const worst = [1, 4, 3, 2].find((code) => reasons.some((reason) => exitCodeOf(reason) === code));
  return reasons.find((reason) => exitCodeOf(reason) === worst) ?? "checks-failed";
}
