import { countOf, listWords } from "../core/index.ts";
import { bindEnvironment, checkBucketNames } from "../lake/index.ts";
import { runPipeline } from "../pipeline/index.ts";
import { table, type Section } from "../report/index.ts";
import { deployLayers, type LayerResult } from "../stacks/index.ts";
import { guardAccount } from "./guard-account.ts";
import { reportPipeline } from "./report-pipeline.ts";
import { layerInputs, selectLayers } from "./select-layers.ts";
import { defineVerb, startReport } from "./verb.ts";

/** Deploys layers in parallel as their graph allows; with `full` all of them, and then runs the pipeline. */
export const deploy = defineVerb({
  name: "deploy",
  summary: "deploy infrastructure and catalog; with --full everything, and then the pipeline",
  inputs: {
    ...layerInputs,
    full: { kind: "flag", default: "false", description: "Every layer, and then the pipeline." },
    timeout: {
      kind: "duration",
      default: "30m",
      description: "Give up on a layer, and say so, after this time.",
    },
  },
  changes: true,
  async run({ environment, inputs, repository }, context) {
    checkBucketNames(environment);
    const layers = selectLayers(environment, inputs, inputs.full ? undefined : ["infrastructure", "catalog"]);
    await guardAccount(environment, context);
    const deployed = await deployLayers({ environment, layers, repository, within: inputs.timeout }, context);
    const layerReport = summarise(deployed.layers);
    const data = { layers: deployed.layers.map(({ layer, outcome }) => ({ layer, outcome })) };
    if (!inputs.full) {
      const verdict = changedOf(deployed.layers).length === 0 ? "unchanged" : "changed";
      const sections = [layerReport];
      return {
        report: startReport("deploy", environment, { verdict, headline: tell(deployed.layers), sections }),
        data,
      };
    }
    const place = {
      environment,
      outputs: deployed.outputs,
      bindings: bindEnvironment(environment, deployed.outputs),
    };
    const results = await runPipeline(environment.lake.settings.pipeline, 1, place, context);
    const whole = reportPipeline("deploy", environment, results);
    const headline = `${tell(deployed.layers)}; ${whole.report.headline}`;
    return {
      report: { ...whole.report, headline, sections: [layerReport, ...whole.report.sections] },
      data: { ...data, ...whole.data },
    };
  },
});

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
