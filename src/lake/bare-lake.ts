import { LakeError, messageOf } from "../core/index.ts";
import type { Lake } from "./load-lake.ts";
import { lakeSchema, type LakeFile } from "./schema.ts";
import { readTemplate, type Template } from "./template.ts";

/** Where a lake without a file is. */
interface BareLake {
  readonly environment: string;
  readonly region: string;
}

/** One stack and its template, relative to the working directory. */
interface StackLake extends BareLake {
  readonly stack: string;
  readonly template: string | undefined;
}

/**
 * A lake of one stack, for those who have a template and no lake file. Its name is the stack's.
 *
 * @throws LakeError `invalid-input` for a name that no stack can have or a region that is none, `invalid-template`.
 */
export async function makeStackLake({ stack, template, environment, region }: StackLake): Promise<Lake> {
  if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(stack)) {
    throw new LakeError(
      "invalid-input",
      `stack: "${stack}" is no stack's name; allowed are letters, digits and hyphens, a letter first, at most 128`,
    );
  }
  const layer = stack.toLowerCase();
  const settings = { layers: { [layer]: { stack, template } }, name: stack };
  const templates = template === undefined ? [] : [[layer, await readTemplate(template, template)] as const];
  return makeLake(settings, { environment, region }, new Map(templates));
}

/**
 * A lake of which nothing is known but where it is, for verbs whose inputs name everything.
 *
 * @throws LakeError `invalid-input` for a region that is none.
 */
export function makeBareLake(where: BareLake): Lake {
  return makeLake({ name: "lake", layers: {}, zones: {} }, where, new Map());
}

function makeLake(
  settings: Pick<LakeFile, "name"> & { readonly layers: Record<string, unknown>; readonly zones?: object },
  { environment, region }: BareLake,
  templates: ReadonlyMap<string, Template>,
): Lake {
  const file = { ...settings, region, environments: { [environment]: {} } };
  const parsed = lakeSchema.safeParse(file);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const input = issue?.path[0] === "region" ? `region: "${region}"` : `environment: "${environment}"`;
    throw new LakeError("invalid-input", `${input} ${issue?.message ?? messageOf(parsed.error)}`);
  }
  return {
    name: settings.name,
    directory: ".",
    settings: parsed.data,
    templates,
    place: () => ({ file: [...templates.values()][0]?.file ?? "." }),
  };
}
