import { countOf, declare, exitCodeOf, listWords } from "../core/index.ts";
import { table, type Report } from "../report/index.ts";
import { commonOutputs, reportingInputs, type Action } from "./action.ts";
import { readReports } from "./read-reports.ts";
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
  await runAction(reportAction, async ({ inputs: { reports: paths }, variables }) =>
    mergeReports(await readReports(paths ?? [reportsFolder(variables)])),
  );
}

/** One verdict of many: the worst. */
function mergeReports(reports: readonly Report[]): ActionResult {
  const failed = reports.filter((report) => report.verdict === "failed");
  const changed = reports.filter((report) => report.verdict === "changed");
  const verdict = failed.length > 0 ? "failed" : changed.length > 0 ? "changed" : "passed";
  const names = listWords([...new Set(failed.map(({ verb }) => verb))]);
  const headline =
    failed.length === 0
      ? `${countOf(reports.length, "report")}, all good`
      : `${failed.length} of ${countOf(reports.length, "report")} failed: ${names}`;
  const [first] = reports;
  const rows = reports.map((report) => [report.verb, report.verdict, report.headline]);
  return {
    report: {
      version: 1,
      verb: "report",
      lake: reports.find(({ lake }) => lake !== undefined)?.lake,
      environment: first?.environment,
      verdict,
      headline,
      sections: [table("Reports", ["what", "verdict", "in short"], rows)],
      findings: [],
      timings: [],
    },
    shown: reports,
    data: {},
    outputs: {},
    exitCode: worstExitCode(failed),
  };
}

/** Errors weigh more than time-outs, these more than refusals, and these more than failed checks. */
function worstExitCode(failed: readonly Report[]): number {
  const codes = failed.map(({ failure }) => (failure ? exitCodeOf(failure.reason) : 2));
  return [1, 4, 3, 2].find((code) => codes.includes(code)) ?? 0;
}
