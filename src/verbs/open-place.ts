import type { Context } from "../core/index.ts";
import { bindEnvironment, type Environment } from "../lake/index.ts";
import type { Place } from "../pipeline/index.ts";
import { outputsOf, readLiveStacks } from "../stacks/index.ts";

/** Reads what is deployed of an environment and binds zones, workgroup and cluster to it. */
export async function openPlace(environment: Environment, context: Context): Promise<Place> {
  const outputs = outputsOf(await readLiveStacks(environment, context));
  return { environment, outputs, bindings: bindEnvironment(environment, outputs) };
}
