import { countOf, LakeError, listWords, type Context } from "../core/index.ts";
import { bindEnvironment, checkBucketNames } from "../lake/index.ts";
import { table, type Section } from "../report/index.ts";
import { deployLayers, planLayers, type LayerResult, type PlanRequest } from "../stacks/index.ts";
import { stackInputs } from "./common-inputs.ts";
import { guardAccount } from "./guard-account.ts";
import { reportPipeline } from "./report-pipeline.ts";
import { deployedGroups, layerInputs, selectLayers } from "./select-layers.ts";
import { defineVerb, startReport } from "./verb.ts";

/** Deploys layers in parallel as their graph allows; with `full` all of them, and then runs the pipeline. */
export const deploy = defineVerb({
  name: "deploy",
  summary: "deploy infrastructure and catalog; with --full everything, and then the pipeline",
  inputs: {
    ...layerInputs,
    ...stackInputs,
    full: { kind: "flag", default: "false", description: "Every layer, and then the pipeline." },
    timeout: {
      kind: "duration",
      default: "30m",
      description: "Give up on a layer, and say so, after this time.",
    },
    "expect-plan": {
      kind: "text",
      description: "Deploy only if the plan is still the one with this hash; else nothing is changed.",
    },
  },
  outputs: {
    changed: "Whether a layer was created or updated.",
    layers: "What became of each layer, as JSON: [{ layer, outcome }].",
    "stack-outputs": "The outputs of every layer that is there, as JSON: { layer: { Name: value } }.",
  },
  changes: true,
  async run({ environment, inputs, repository }, context) {
    checkBucketNames(environment);
    const layers = selectLayers(environment, inputs, deployedGroups(inputs));
    await guardAccount(environment, context);
    await guardPlan(inputs["expect-plan"], { environment, layers, repository }, context);
    const deployed = await deployLayers({ environment, layers, repository, within: inputs.timeout }, context);
    const layerReport = summarise(deployed.layers);
    const data = { layers: deployed.layers.map(({ layer, outcome }) => ({ layer, outcome })) };
    const outputs = {
      changed: String(changedOf(deployed.layers).length > 0),
      layers: JSON.stringify(data.layers),
      "stack-outputs": JSON.stringify(Object.fromEntries(deployed.outputs)),
    };
    if (!inputs.full) {
      const verdict = changedOf(deployed.layers).length === 0 ? "unchanged" : "changed";
      const sections = [layerReport];
      return {
        report: startReport("deploy", environment, { verdict, headline: tell(deployed.layers), sections }),
        data,
        outputs,
      };
    }
    const place = {
      environment,
      outputs: deployed.outputs,
      bindings: bindEnvironment(environment, deployed.outputs),
    };
    // Loaded here, because a deploy of layers alone would pay for the AWS clients of the pipeline.
    const { runPipeline } = await import("../pipeline/index.ts");
    const results = await runPipeline(environment.lake.settings.pipeline, 1, place, context);
    const whole = reportPipeline("deploy", environment, results);
    const headline = `${tell(deployed.layers)}; ${whole.report.headline}`;
    return {
      report: { ...whole.report, headline, sections: [layerReport, ...whole.report.sections] },
      data: { ...data, ...whole.data },
      outputs,
    };
  },
});

/**
 * Makes sure that what is about to be done is what was planned.
 *
 * @throws LakeError `plan-changed`, before anything is changed.
 */
async function guardPlan(
  expected: string | undefined,
  request: PlanRequest,
  context: Context,
): Promise<void> {
  if (expected === undefined) return;
  const { hash } = await planLayers(request, context);
  if (hash === expected) return;
  throw new LakeError("plan-changed", `the plan is now ${hash}, and ${expected} was expected`, {
    hint: "Nothing was changed. Something moved since: look at a new plan, then deploy that one.",
  });
}

function changedOf(layers: readonly LayerResult[]): readonly LayerResult[] {
  return layers.filter((layer) => layer.outcome !== "unchanged");
}

function tell(layers: readonly LayerResult[]): string {
  const changed = changedOf(layers);
  if (changed.length === 0) return `nothing changed in ${countOf(layers.length, "layer")}`;
  return `${countOf(changed.length, "layer")} deployed: ${listWords(changed.map((layer) => layer.layer))}`;
}

function summarise(layers: readonly LayerResult[]): Section {
  return table(
    "Layers",
    ["layer", "result", ">resources changed"],
    layers.map(({ layer, outcome, changes }) => [layer, outcome, String(changes.length)]),
  );
}
