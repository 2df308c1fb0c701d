import type { Context } from "../core/index.ts";
import { bindEnvironment, type Bindings, type Environment } from "../lake/index.ts";
import type { Place } from "../pipeline/index.ts";
import { outputsOf, readLiveStacks } from "../stacks/index.ts";

/**
 * Reads what is deployed of an environment and binds zones, workgroup and cluster to it.
 *
 * @param given what inputs say of that themselves; what is undefined in it is left as it was found.
 */
export async function openPlace(
  environment: Environment,
  context: Context,
  given: { readonly [K in keyof Bindings]?: Bindings[K] | undefined } = {},
): Promise<Place> {
  const outputs = outputsOf(await readLiveStacks(environment, context));
  const said = Object.entries(given).filter(([, value]) => value !== undefined);
  return {
    environment,
    outputs,
    bindings: { ...bindEnvironment(environment, outputs), ...Object.fromEntries(said) },
  };
}
