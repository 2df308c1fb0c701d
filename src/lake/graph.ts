import { LakeError } from "../core/index.ts";

/** Layers and, for each, the layers that must be there before it. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The layers in an order in which each comes after everything it depends on; otherwise in the order of the graph.
 * Dependencies outside of the graph are ignored.
 *
 * @throws LakeError `graph-cycle`, naming the whole cycle.
 */
export function orderLayers(graph: Graph): string[] {
  const order: string[] = [];
  const state = new Map<string, "visiting" | "ordered">();
  const visit = (layer: string, path: readonly string[]): void => {
    if (state.get(layer) === "ordered") return;
    if (state.get(layer) === "visiting") {
      const cycle = [...path.slice(path.indexOf(layer)), layer];
      throw new LakeError("graph-cycle", `the layers wait for each other in a circle: ${cycle.join(" → ")}`, {
        hint: "Give one of the wired parameters a value under `parameters`, or drop a `needs`.",
      });
    }
    state.set(layer, "visiting");
    for (const dependency of graph.get(layer) ?? []) {
      if (graph.has(dependency)) visit(dependency, [...path, layer]);
    }
    state.set(layer, "ordered");
    order.push(layer);
  };
  for (const layer of graph.keys()) visit(layer, []);
  return order;
}

/** The graph turned round: for each layer, the layers that depend on it. */
export function reverseGraph(graph: Graph): Graph {
  const reversed = new Map([...graph.keys()].map((layer) => [layer, new Set<string>()]));
  for (const [layer, dependencies] of graph) {
    for (const dependency of dependencies) reversed.get(dependency)?.add(layer);
  }
  return reversed;
}
