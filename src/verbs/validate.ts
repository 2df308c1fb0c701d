import { existsSync } from "node:fs";
import { join } from "node:path";
import { countOf, LakeError, type Mistake } from "../core/index.ts";
import { loadContracts } from "../contracts/index.ts";
import { checkBucketNames, wireLayers, type Environment } from "../lake/index.ts";
import { table } from "../report/index.ts";
import { layerInputs, selectLayers } from "./select-layers.ts";
import { defineVerb, startReport } from "./verb.ts";

/** Checks lake.yaml, templates, wiring, bucket names, contracts and the files of the pipeline, without AWS. */
export const validate = defineVerb({
  name: "validate",
  summary: "check lake.yaml, templates, wiring and contracts, without AWS",
  inputs: layerInputs,
  outputs: {},
  changes: false,
  offline: true,
  async run({ environment, inputs }) {
    const layers = selectLayers(environment, inputs);
    checkBucketNames(environment);
    const wiring = wireLayers(environment, layers, undefined);
    const contracts = await checkPipelineFiles(environment);
    const rows = wiring.order.map((layer) => [
      layer,
      environment.layers.get(layer)?.group ?? "",
      environment.layers.get(layer)?.stack ?? "",
      [...(wiring.graph.get(layer) ?? [])].join(", "),
    ]);
    const headline = `lake.yaml is sound: ${countOf(layers.length, "layer")}, ${countOf(contracts, "contract")}`;
    const sections = [table("Layers", ["layer", "group", "stack", "takes from"], rows)];
    const data = { layers: wiring.order, contracts };
    const report = startReport("validate", environment, { verdict: "passed", headline, sections });
    return { report, data, outputs: {} };
  },
});

/** Reads every file that the pipeline names; returns the number of contracts. */
async function checkPipelineFiles({ lake }: Environment): Promise<number> {
  const mistakes: Mistake[] = [];
  let contracts = 0;
  for (const [at, step] of lake.settings.pipeline.entries()) {
    for (const path of [step.upload, step.job, step.query, ...(step.check ?? [])].filter(
      (each) => each !== undefined,
    )) {
      if (existsSync(join(lake.directory, path))) continue;
      mistakes.push({ message: `pipeline.${at}: there is no ${path}`, place: lake.place("pipeline", at) });
    }
    if (mistakes.length > 0) continue;
    for (const path of step.check ?? []) contracts += (await loadContracts(path, lake.directory)).length;
  }
  const [first] = mistakes;
  if (first) {
    const message =
      mistakes.length === 1
        ? first.message
        : `the pipeline names ${mistakes.length} files that are not there`;
    throw new LakeError("invalid-lake", message, { mistakes, place: first.place });
  }
  return contracts;
}
