import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { LakeError, type Mistake, type Place } from "../core/index.ts";
import { findReferenceMistakes } from "./lake-references.ts";
import { lakeSchema, type LakeFile } from "./schema.ts";
import { readTemplate, type Template } from "./template.ts";
import { explainIssue, parseYamlSource, valueAt, type YamlSource } from "./yaml-source.ts";

/** What lake.yaml describes, with its templates read. */
export interface Lake {
  readonly name: string;
  /** The folder of lake.yaml; every path in it is relative to this folder. */
  readonly directory: string;
  readonly settings: LakeFile;
  /** The templates by layer; a layer that only names a stack has none. */
  readonly templates: ReadonlyMap<string, Template>;
  /** Where something in lake.yaml, or in lake.local.yaml if that overrides it, is. */
  place(...path: (string | number)[]): Place;
}

/** What a person's surroundings change about lake.yaml. */
export interface LakeOverrides {
  /** Takes the place of `name`. */
  readonly name?: string | undefined;
}

/** The file's usual name. */
export const lakeFileName = "lake.yaml";

/**
 * Reads lake.yaml, lays lake.local.yaml beside it over it, and reads the templates.
 *
 * @param file the path of lake.yaml.
 * @throws LakeError `invalid-lake` with every mistake at once, each with file and line.
 */
export async function loadLake(file: string, overrides: LakeOverrides = {}): Promise<Lake> {
  const path = resolve(file);
  const directory = dirname(path);
  const sources = await readSources(path);
  const place = (...keys: (string | number)[]): Place =>
    sources.map((source) => source.place(keys)).find((found) => found !== undefined) ?? {
      file: lakeFileName,
    };
  const broken = sources.flatMap((source) => source.mistakes);
  if (broken.length > 0) throw lakeError(broken);

  const merged = sources.map((source) => source.value).reduceRight((under, over) => overlay(over, under));
  const parsed = lakeSchema.safeParse(
    overlay(overrides.name === undefined ? {} : { name: overrides.name }, merged),
  );
  if (!parsed.success) {
    throw lakeError(
      parsed.error.issues.map((issue) => ({
        message: explainIssue(issue, valueAt(merged, issue.path)),
        place: place(...issue.path.map((key) => (typeof key === "number" ? key : String(key)))),
      })),
    );
  }
  const mistakes = findReferenceMistakes(parsed.data, place);
  const { templates, unread } = await readTemplates(parsed.data, directory, place);
  if (mistakes.length + unread.length > 0) throw lakeError([...mistakes, ...unread]);
  return { name: parsed.data.name, directory, settings: parsed.data, templates, place };
}

/** lake.local.yaml, where there is one, before lake.yaml. */
async function readSources(path: string): Promise<YamlSource[]> {
  if (!existsSync(path)) {
    throw new LakeError("invalid-lake", `there is no file ${path}`, {
      hint: "Run in the folder of your lake, or name its file by `lake`; in a workflow, check the repository out first.",
    });
  }
  const local = join(dirname(path), "lake.local.yaml");
  const files = existsSync(local) ? [local, path] : [path];
  return Promise.all(
    files.map(async (file) => parseYamlSource(relative(dirname(path), file), await readFile(file, "utf8"))),
  );
}

/** `over` laid over `under`: maps merge key by key, everything else is replaced. */
function overlay(over: unknown, under: unknown): unknown {
  if (!isRecord(over) || !isRecord(under)) return over ?? under;
  const merged: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) merged[key] = overlay(value, under[key]);
  return merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function readTemplates(settings: LakeFile, directory: string, place: Lake["place"]) {
  const templates = new Map<string, Template>();
  const unread: Mistake[] = [];
  for (const [layer, { template }] of Object.entries(settings.layers)) {
    if (template === undefined) continue;
    try {
      templates.set(layer, await readTemplate(join(directory, template), template));
    } catch (error) {
      if (!(error instanceof LakeError)) throw error;
      const where = error.place?.line === undefined ? place("layers", layer, "template") : error.place;
      unread.push({ message: `layers.${layer}.template: ${error.message}`, place: where });
    }
  }
  return { templates, unread };
}

function lakeError(mistakes: readonly Mistake[]): LakeError {
  const [first] = mistakes;
  const message =
    mistakes.length === 1 && first ? first.message : `lake.yaml has ${mistakes.length} mistakes`;
  return new LakeError("invalid-lake", message, {
    mistakes,
    place: first?.place,
    hint: "docs/lake-yaml.md lists every key; `datalake validate` checks the file again.",
  });
}
