import { countOf } from "../core/index.ts";
import type { Environment } from "../lake/index.ts";
import type { NumberedResult } from "../pipeline/index.ts";
import { startReport, type VerbResult } from "./verb.ts";

/** The report of a run of the pipeline: what each step found, and the checks that failed. */
export function reportPipeline(
  verb: string,
  environment: Environment,
  results: readonly NumberedResult[],
): Pick<VerbResult, "report" | "data"> {
  const findings = results.flatMap((result) => result.findings);
  const failed = findings.filter((finding) => finding.severity === "error").length;
  const total = environment.lake.settings.pipeline.length;
  const headline =
    failed === 0
      ? `the pipeline ran through, ${countOf(results.length, "step")}`
      : `${countOf(failed, "check")} failed in step ${results.at(-1)?.number ?? 0} of ${total}`;
  const report = startReport(verb, environment, {
    verdict: failed === 0 ? "changed" : "failed",
    headline,
    sections: results.flatMap((result) => result.sections),
    findings,
  });
  return { report, data: { steps: results.map(({ number, name, data }) => ({ number, name, ...data })) } };
}
