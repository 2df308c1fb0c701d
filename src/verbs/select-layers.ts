import { declare, LakeError, listWords, type Values } from "../core/index.ts";
import type { Environment } from "../lake/index.ts";

/** The inputs by which a verb is told which layers to work on. */
export const layerInputs = declare({
  layers: { kind: "list", description: "Only these layers, separated by commas." },
  group: {
    kind: "list",
    description: "Only the layers of these groups: infrastructure, catalog, compute, monitoring.",
  },
});

/** The groups that a deploy takes where nothing else is said: all of them when it is `full` or of one stack alone. */
export function deployedGroups(inputs: {
  readonly full: boolean;
  readonly stack?: string | undefined;
}): readonly string[] | undefined {
  return inputs.full || inputs.stack !== undefined ? undefined : ["infrastructure", "catalog"];
}

/**
 * The environment's own layers that the inputs pick.
 *
 * @param groups the groups to take where neither layers nor groups are given; all of them if left out.
 * @throws LakeError `layer-unknown` for a layer that the lake, or this environment, does not have.
 */
export function selectLayers(
  environment: Environment,
  inputs: Pick<Values<typeof layerInputs>, "layers" | "group">,
  groups?: readonly string[],
): string[] {
  const known = [...environment.layers.keys()];
  for (const layer of inputs.layers ?? []) {
    if (!known.includes(layer)) {
      throw new LakeError("layer-unknown", `there is no layer "${layer}"`, {
        hint: `lake.yaml has ${listWords(known)}.`,
        place: environment.lake.place("layers"),
      });
    }
    if (!environment.own.includes(layer)) {
      throw new LakeError(
        "layer-unknown",
        `environment ${environment.name} does not deploy layer "${layer}"`,
        {
          hint: `It deploys ${listWords(environment.own)}.`,
          place: environment.lake.place("environments", environment.name),
        },
      );
    }
  }
  if (inputs.layers) return inputs.layers;
  const wanted = inputs.group ?? groups;
  if (!wanted) return [...environment.own];
  const all = ["infrastructure", "catalog", "compute", "monitoring"];
  const wrong = wanted.find((group) => !all.includes(group));
  if (wrong !== undefined)
    throw new LakeError("invalid-input", `there is no group "${wrong}"; there are ${listWords(all)}`);
  return environment.own.filter((layer) => wanted.includes(environment.layers.get(layer)?.group ?? ""));
}
