import { runPipeline } from "../pipeline/index.ts";
import { guardAccount } from "./guard-account.ts";
import { openPlace } from "./open-place.ts";
import { reportPipeline } from "./report-pipeline.ts";
import { defineVerb } from "./verb.ts";

/** Runs the steps of lake.yaml. */
export const pipeline = defineVerb({
  name: "pipeline",
  summary: "run the steps of lake.yaml in order",
  inputs: { from: { kind: "integer", default: "1", description: "Begin at this step, counted from 1." } },
  outputs: {},
  changes: true,
  async run({ environment, inputs }, context) {
    await guardAccount(environment, context);
    const steps = environment.lake.settings.pipeline;
    const results = await runPipeline(steps, inputs.from, await openPlace(environment, context), context);
    return { ...reportPipeline("pipeline", environment, results), outputs: {} };
  },
});
