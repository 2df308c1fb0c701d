import { LakeError, toLakeError } from "../core/index.ts";
import type { Graph } from "../lake/index.ts";

/** How the nodes of a graph ended. */
export interface GraphResult<T> {
  readonly results: ReadonlyMap<string, T>;
  readonly failures: ReadonlyMap<string, LakeError>;
  /** Nodes never begun, because something they depend on failed. */
  readonly skipped: readonly string[];
}

/**
 * Runs `task` for every node as soon as everything it depends on is done, all that can at once. A failure skips what
 * depends on it; independent branches go on.
 */
export async function runOverGraph<T>(
  graph: Graph,
  task: (node: string, results: ReadonlyMap<string, T>) => Promise<T>,
): Promise<GraphResult<T>> {
  const results = new Map<string, T>();
  const failures = new Map<string, LakeError>();
  const skipped: string[] = [];
  const running = new Map<string, Promise<void>>();
  const run = async (node: string): Promise<void> => {
    const dependencies = [...(graph.get(node) ?? [])].filter((dependency) => graph.has(dependency));
    await Promise.all(dependencies.map(start));
    if (dependencies.some((dependency) => !results.has(dependency))) {
      skipped.push(node);
      return;
    }
    try {
      results.set(node, await task(node, results));
    } catch (error) {
      failures.set(node, toLakeError(error));
    }
  };
  const start = (node: string): Promise<void> => {
    const known = running.get(node) ?? run(node);
    running.set(node, known);
    return known;
  };
  await Promise.all([...graph.keys()].map(start));
  return { results, failures, skipped };
}
