import { existsSync } from "node:fs";
import { LakeError, type Values } from "../core/index.ts";
import {
  loadLake,
  makeBareLake,
  makeStackLake,
  selectEnvironment,
  type Environment,
  type Lake,
} from "../lake/index.ts";
import { commonInputs } from "./common-inputs.ts";

/** What tells a run which environment it is about: inputs, and what the caller's variables say beside them. */
export interface Whereabouts extends Values<typeof commonInputs> {
  readonly stack?: string | undefined;
  readonly template?: string | undefined;
  /** Whether the verb works on the template of `stack`, and not on the stack alone. */
  readonly needsTemplate: boolean;
  /** Whether the verb can do without a lake file. */
  readonly lakeless: boolean;
  /** PROJECT_PREFIX: takes the place of the lake's name. */
  readonly name?: string | undefined;
  /** ENVIRONMENT. */
  readonly usualEnvironment?: string | undefined;
  /** AWS_REGION or AWS_DEFAULT_REGION: only for a run without a lake file. */
  readonly usualRegion?: string | undefined;
}

/**
 * Opens the environment: of the lake file; of one stack alone, where `stack` names it; of no lake at all, where the verb
 * can do without and there is no file.
 *
 * @throws LakeError `invalid-lake` or `invalid-input`.
 */
export async function openEnvironment(whereabouts: Whereabouts): Promise<Environment> {
  const { environment, usualEnvironment, region, stack } = whereabouts;
  const lake = await openLake(whereabouts);
  const parameters = readParameters(whereabouts.parameters ?? {}, lake, stack);
  const opened = selectEnvironment(lake, environment ?? usualEnvironment ?? "dev", { region, parameters });
  // A stack alone may be deleted without its template at hand.
  return stack === undefined ? opened : { ...opened, own: [...opened.layers.keys()] };
}

async function openLake(whereabouts: Whereabouts): Promise<Lake> {
  const { lake: file, stack, template, needsTemplate, name, lakeless } = whereabouts;
  const environment = whereabouts.environment ?? whereabouts.usualEnvironment ?? "dev";
  if (stack === undefined && template !== undefined) {
    throw new LakeError("invalid-input", "template: is given without `stack`, the name that its stack gets");
  }
  if (stack !== undefined && template === undefined && needsTemplate) {
    throw new LakeError("invalid-input", `template: is not given, and stack ${stack} is made from one`);
  }
  if (stack !== undefined) {
    return makeStackLake({ stack, template, environment, region: requireRegion(whereabouts) });
  }
  // A file that was named has to be there: its typing error would else be told as a lake with nothing in it.
  if (lakeless && file === commonInputs.lake.default && !existsSync(file)) {
    return makeBareLake({ environment, region: requireRegion(whereabouts) });
  }
  return loadLake(file, { name });
}

function requireRegion({ region, usualRegion }: Whereabouts): string {
  const found = region ?? usualRegion;
  if (found !== undefined) return found;
  throw new LakeError("invalid-input", "region: is not given, and there is no lake file that says it", {
    hint: "Give the input `region`, or set AWS_REGION.",
  });
}

/** `layer.Name=value`; for a stack alone `Name=value` will do. */
function readParameters(
  given: Readonly<Record<string, string>>,
  lake: Lake,
  stack: string | undefined,
): Record<string, Record<string, string>> {
  const parameters: Record<string, Record<string, string>> = {};
  const [only] = stack === undefined ? [] : Object.keys(lake.settings.layers);
  for (const [key, value] of Object.entries(given)) {
    const [, layer = only, name] = /^(?:([a-z][a-z0-9-]*)\.)?([A-Za-z0-9]+)$/.exec(key) ?? [];
    if (layer === undefined || name === undefined) {
      throw new LakeError("invalid-input", `parameters: "${key}" is not understood`, {
        hint: "Write layer.Parameter=value, a line each.",
      });
    }
    if (!Object.hasOwn(lake.settings.layers, layer)) {
      throw new LakeError("layer-unknown", `parameters: "${key}" names a layer that the lake does not have`, {
        hint: "The layers are under `layers` in the lake file.",
        place: lake.place("layers"),
      });
    }
    parameters[layer] = { ...parameters[layer], [name]: value };
  }
  return parameters;
}
