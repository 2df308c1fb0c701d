import { countOf, LakeError } from "../core/index.ts";
import { runContracts } from "../pipeline/index.ts";
import { openPlace } from "./open-place.ts";
import { defineVerb, reportStep } from "./verb.ts";

/** Runs the checks of contracts on Athena. */
export const check = defineVerb({
  name: "check",
  summary: "run the checks of contracts (ODCS 3.1) on Athena",
  inputs: {
    contracts: {
      kind: "list",
      positional: true,
      description: "Contract files or folders; those of the pipeline if none is named.",
    },
  },
  changes: false,
  async run({ environment, inputs }, context) {
    const paths = inputs.contracts ?? environment.lake.settings.pipeline.flatMap((step) => step.check ?? []);
    if (paths.length === 0)
      throw new LakeError("invalid-input", "no contract is named, and the pipeline has none");
    const result = await runContracts({ paths }, await openPlace(environment, context), context);
    const failed = result.findings.filter((finding) => finding.severity === "error").length;
    return reportStep(
      "check",
      environment,
      failed === 0 ? "every check passed" : `${countOf(failed, "check")} failed`,
      result,
    );
  },
});
