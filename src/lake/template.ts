import { readFile } from "node:fs/promises";
import { LineCounter, parseDocument, isMap, isScalar, type ScalarTag, type CollectionTag } from "yaml";
import { z } from "zod";
import { LakeError, type Place } from "../core/index.ts";
import { explainIssue, offsetOf, valueAt } from "./yaml-source.ts";

const parameterSchema = z.looseObject({
  Type: z.string().default("String"),
  Default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  NoEcho: z.union([z.boolean(), z.string()]).optional(),
  AllowedValues: z.array(z.unknown()).optional(),
  Description: z.string().optional(),
});
const resourceSchema = z.looseObject({
  Type: z.string(),
  Condition: z.string().optional(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
const outputSchema = z.looseObject({
  Value: z.unknown(),
  Condition: z.string().optional(),
  Export: z.looseObject({ Name: z.unknown() }).optional(),
});
const templateSchema = z.looseObject({
  Description: z.string().optional(),
  Parameters: z.record(z.string(), parameterSchema).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(z.string(), outputSchema).default({}),
});

/** A CloudFormation template, its short forms (`!Ref x`) written out (`{ Ref: x }`). */
export type TemplateBody = z.infer<typeof templateSchema>;

/** A template file. */
export interface Template {
  /** As the user named it, relative to the lake's folder. */
  readonly file: string;
  /** The file's text, as it is sent to AWS. */
  readonly text: string;
  readonly body: TemplateBody;
  /** Where a top-level entry is: `place("Parameters", "Environment")`. */
  place(section: string, entry: string): Place;
}

const intrinsics = [
  ...[
    "Base64",
    "Cidr",
    "FindInMap",
    "GetAZs",
    "If",
    "ImportValue",
    "Join",
    "Select",
    "Split",
    "Sub",
    "Transform",
  ],
  ...["And", "Equals", "Not", "Or", "ForEach", "Length", "ToJsonString"],
];
const longForm = (tag: string): string => (tag === "Ref" || tag === "Condition" ? tag : `Fn::${tag}`);

/** YAML tags of CloudFormation's short forms, for scalars, lists and maps each. */
const shortFormTags: (ScalarTag | CollectionTag)[] = ["Ref", "Condition", "GetAtt", ...intrinsics].flatMap(
  (tag) => [
    {
      tag: `!${tag}`,
      resolve: (text: string) => ({ [longForm(tag)]: tag === "GetAtt" ? splitAttribute(text) : text }),
    },
    { tag: `!${tag}`, collection: "seq", resolve: (node) => ({ [longForm(tag)]: node.toJSON() as unknown }) },
    { tag: `!${tag}`, collection: "map", resolve: (node) => ({ [longForm(tag)]: node.toJSON() as unknown }) },
  ],
);

function splitAttribute(text: string): [string, string] {
  const dot = text.indexOf(".");
  return [text.slice(0, dot), text.slice(dot + 1)];
}

/**
 * Reads and parses a template; JSON is YAML too.
 *
 * @param path where the file is; `file` is how messages name it.
 * @throws LakeError `invalid-template`, with file and line.
 */
export async function readTemplate(path: string, file: string): Promise<Template> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new LakeError("invalid-template", `${file} cannot be read`, { cause, place: { file } });
  }
  return parseTemplate(text, file);
}

/** Parses a template's text; see {@link readTemplate}. */
function parseTemplate(text: string, file: string): Template {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    customTags: shortFormTags,
  });
  const [error] = document.errors;
  if (error) {
    const place = { file, line: lines.linePos(error.pos[0]).line };
    throw new LakeError("invalid-template", `${file} is no valid YAML: ${error.message}`, { place });
  }
  const value = document.toJS() as unknown;
  const parsed = templateSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const what = issue ? explainIssue(issue, valueAt(value, issue.path)) : "unknown shape";
    const offset = (issue && offsetOf(document, issue.path)) ?? 0;
    throw new LakeError("invalid-template", `${file} is no CloudFormation template: ${what}`, {
      place: { file, line: lines.linePos(offset).line },
    });
  }
  return {
    file,
    text,
    body: parsed.data,
    place(section, entry) {
      const node = document.get(section, true);
      const pair = isMap(node)
        ? node.items.find((item) => isScalar(item.key) && item.key.value === entry)
        : undefined;
      const offset = isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
      return offset === undefined ? { file } : { file, line: lines.linePos(offset).line };
    },
  };
}

/** Whether a parameter's values must not be shown. */
export function isNoEcho(parameter: TemplateBody["Parameters"][string]): boolean {
  return String(parameter.NoEcho).toLowerCase() === "true";
}
