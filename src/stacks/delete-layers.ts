import { runStep, type Context } from "../core/index.ts";
import { reverseGraph, wireLayers, type Environment, type Graph } from "../lake/index.ts";
import { deleteStack } from "./delete-stack.ts";
import { throwFailures } from "./deploy-layers.ts";
import { waitUntilIdle } from "./follow-stack.ts";
import { outputsOf, type LiveStacks } from "./live-stacks.ts";
import { runOverGraph } from "./run-over-graph.ts";

/**
 * Deletes the stacks of `layers`, each after everything that depends on it, in parallel as that allows.
 *
 * @param live the stacks that exist; layers without one are passed over.
 * @returns the layers whose stacks were deleted.
 * @throws LakeError the first failure, once every independent branch has ended.
 */
export async function deleteLayers(
  request: { environment: Environment; layers: readonly string[]; live: LiveStacks; within: number },
  context: Context,
): Promise<readonly string[]> {
  const { environment, live, within } = request;
  const layers = request.layers.filter((layer) => live.has(layer));
  const graph = reverseGraph(dependenciesOf(environment, layers, live));
  const { results, failures, skipped } = await runOverGraph(graph, (layer) =>
    runStep(context, "delete", layer, async (step) => {
      const stack = live.get(layer);
      const idle = stack && (await waitUntilIdle(stack, within, step));
      if (idle) await deleteStack({ stack: idle, within }, step);
      step.conclude("deleted");
      return layer;
    }),
  );
  throwFailures(failures, skipped);
  return [...results.values()];
}

/** Parameters that nobody provides any more must not keep an environment from being deleted. */
function dependenciesOf(environment: Environment, layers: readonly string[], live: LiveStacks): Graph {
  const edges = (layer: string): ReadonlySet<string> => {
    try {
      return wireLayers(environment, [layer], outputsOf(live)).graph.get(layer) ?? new Set();
    } catch {
      return new Set(environment.layers.get(layer)?.needs);
    }
  };
  return new Map(
    layers.map((layer) => [layer, new Set([...edges(layer)].filter((other) => layers.includes(other)))]),
  );
}
