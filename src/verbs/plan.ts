import { countOf } from "../core/index.ts";
import { checkBucketNames } from "../lake/index.ts";
import { table, type Section } from "../report/index.ts";
import { planLayers, type LayerPlan } from "../stacks/index.ts";
import { stackInputs } from "./common-inputs.ts";
import { deployedGroups, layerInputs, selectLayers } from "./select-layers.ts";
import { defineVerb, startReport } from "./verb.ts";

/** Shows what a deploy would change, and where every parameter's value comes from. */
export const plan = defineVerb({
  name: "plan",
  summary: "show what a deploy would change, and where each parameter's value comes from",
  inputs: {
    ...layerInputs,
    ...stackInputs,
    full: { kind: "flag", default: "false", description: "Every layer, as a deploy with `full` does." },
  },
  outputs: {
    changed: "Whether a deploy would change something.",
    plan: "The plan's hash, for the input `expect-plan` of the deploy that is to do exactly this.",
  },
  changes: false,
  async run({ environment, inputs, repository }, context) {
    checkBucketNames(environment);
    const layers = selectLayers(environment, inputs, deployedGroups(inputs));
    const result = await planLayers({ environment, layers, repository }, context);
    const changed = result.layers.filter((layer) => layer.action !== "unchanged");
    const replaced = changed
      .flatMap((layer) => layer.changes)
      .filter((change) => change.replacement !== "no").length;
    const warning = replaced === 0 ? "" : `; ${countOf(replaced, "resource is", "resources are")} made anew`;
    const headline =
      changed.length === 0
        ? "nothing would change"
        : `${countOf(changed.length, "layer")} would change${warning} (plan ${result.hash})`;
    const verdict = changed.length === 0 ? "unchanged" : "changed";
    const sections = [
      summarise(result.layers),
      ...changed.map(describeChanges),
      describeParameters(result.layers),
    ];
    return {
      report: startReport("plan", environment, { verdict, headline, sections }),
      data: { ...result },
      outputs: { changed: String(changed.length > 0), plan: result.hash },
    };
  },
});

function summarise(layers: readonly LayerPlan[]): Section {
  const count = (layer: LayerPlan, action: string) =>
    String(layer.changes.filter((change) => change.action === action).length);
  return table(
    "Layers",
    ["layer", "action", ">add", ">modify", ">remove", "remark"],
    layers.map((layer) => [
      layer.layer,
      layer.action,
      count(layer, "add"),
      count(layer, "modify"),
      count(layer, "remove"),
      layer.remark ?? "",
    ]),
  );
}

function describeChanges(layer: LayerPlan): Section {
  return table(
    `Changes of ${layer.layer}`,
    ["action", "resource", "type", "made anew", "properties"],
    layer.changes.map((change) => [
      change.action,
      change.logicalId,
      change.type,
      change.replacement,
      change.properties.join(", "),
    ]),
  );
}

function describeParameters(layers: readonly LayerPlan[]): Section {
  const rows = layers.flatMap(({ layer, parameters }) =>
    parameters.map(({ name, value, origin }) => [
      layer,
      name,
      origin === "default" ? "" : value,
      origins[origin],
    ]),
  );
  return table("Parameters", ["layer", "parameter", "value", "from"], rows);
}

const origins = {
  input: "input",
  environment: "lake.yaml, environment",
  layer: "lake.yaml, layer",
  lake: "the lake itself",
  output: "another layer's output",
  default: "the template's default",
} as const;
