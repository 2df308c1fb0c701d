import { countOf } from "../core/index.ts";
import { table } from "../report/index.ts";
import { findByName, findByTag, listStackResources, readLiveStacks } from "../stacks/index.ts";
import { defineVerb, startReport } from "./verb.ts";

/** One resource of the environment and how it was found. */
interface Resource {
  readonly type: string;
  readonly id: string;
  readonly layer: string;
  readonly foundBy: readonly string[];
}

/** Lists everything that is the environment's: by stack, by tag and by name. */
export const resources = defineVerb({
  name: "resources",
  summary: "list everything that is the environment's, by stack, tag and name",
  inputs: {},
  outputs: {},
  changes: false,
  async run({ environment }, context) {
    const live = await readLiveStacks(environment, context);
    const own = [...live.keys()].filter((layer) => environment.layers.get(layer)?.scope === "environment");
    const [ofStacks, tagged, named] = await Promise.all([
      listStackResources(live, own, context),
      findByTag(environment, context),
      findByName(environment, context),
    ]);
    const merged = mergeFound(
      ofStacks.map(({ type, physicalId, layer }) => ({ type, id: physicalId, layer, foundBy: ["stack"] })),
      [...tagged, ...named].map(({ type, id, by }) => ({ type, id, layer: "", foundBy: [by] })),
    );
    const rows = merged.map(({ layer, type, id, foundBy }) => [layer, type, id, foundBy.join(", ")]);
    const outside = merged.filter(({ layer }) => layer === "").length;
    const headline =
      merged.length === 0
        ? `nothing of environment ${environment.name} is there`
        : `${countOf(merged.length, "resource")}, ${outside === 0 ? "all" : `${outside} not`} of the layers' stacks`;
    return {
      report: startReport("resources", environment, {
        verdict: "passed",
        headline,
        sections: [table("Resources", ["layer", "type", "id", "found by"], rows)],
      }),
      data: { resources: merged },
      outputs: {},
    };
  },
});

/** What tags and names find is mostly what the stacks list too: the same thing by ARN or by name. */
function mergeFound(ofStacks: readonly Resource[], others: readonly Resource[]): Resource[] {
  const merged = [...ofStacks];
  for (const other of others) {
    const at = merged.findIndex(
      ({ id }) => other.id === id || endsWithName(other.id, id) || endsWithName(id, other.id),
    );
    const known = merged[at];
    if (known) merged[at] = { ...known, foundBy: [...new Set([...known.foundBy, ...other.foundBy])] };
    else merged.push(other);
  }
  return merged;
}

function endsWithName(arn: string, name: string): boolean {
  return arn.startsWith("arn:") && (arn.endsWith(`:${name}`) || arn.endsWith(`/${name}`));
}
