import { z } from "zod";
import { parseDuration } from "../core/index.ts";

const name = /^[a-z][a-z0-9-]*$/;
const scalar = z.union([z.string(), z.number(), z.boolean()], { error: "must be a text, number or boolean" });
const parameterValue = z.union([scalar, z.array(scalar)], {
  error: "must be a text, number, boolean, or a list of them",
});
const parameters = z.record(z.string(), parameterValue);
const oneOrMore = z
  .union([z.string(), z.array(z.string()).min(1)], { error: "must be a name or a list of names" })
  .transform((value) => (typeof value === "string" ? [value] : value));
const durationText = z
  .string()
  .refine(isDuration, { error: "is no duration; write forms like 45m, 2h or 3d" });

/** What a zone is bound to. What is left out is found by the names of the layers' outputs: `RawBucketName` and so on. */
const zoneSchema = z.strictObject({
  bucket: z.string().optional(),
  database: z.string().optional(),
  crawler: z.string().optional(),
});

const layerSchema = z
  .strictObject({
    template: z.string().optional(),
    stack: z.string().optional(),
    group: z.enum(["infrastructure", "catalog", "compute", "monitoring"]).default("infrastructure"),
    scope: z.enum(["environment", "account"]).default("environment"),
    needs: z.array(z.string()).default([]),
    parameters: parameters.default({}),
  })
  .refine((layer) => layer.template !== undefined || layer.stack !== undefined, {
    error: "needs a `template` to deploy, or a `stack` that exists",
  });

const environmentSchema = z.strictObject({
  account: z
    .string()
    .regex(/^\d{12}$/, { error: "must be an account id: 12 digits in quotes" })
    .optional(),
  region: z.string().optional(),
  protected: z.boolean().default(false),
  ephemeral: z.boolean().default(false),
  ttl: durationText.optional(),
  layers: z.array(z.string()).optional(),
  parameters: z.record(z.string(), parameters).default({}),
});

const verbsOfSteps = ["upload", "crawl", "check", "job", "query"] as const;

const stepSchema = z
  .strictObject({
    name: z.string().optional(),
    upload: z.string().optional(),
    to: z.string().optional(),
    crawl: oneOrMore.optional(),
    check: oneOrMore.optional(),
    job: z.string().optional(),
    query: z.string().optional(),
    title: z.string().optional(),
    chart: z.strictObject({ label: z.string(), value: z.string() }).optional(),
    arguments: z.array(z.string()).optional(),
    conf: z.record(z.string(), scalar).optional(),
    within: durationText.optional(),
  })
  .superRefine((step, context) => {
    const given = verbsOfSteps.filter((verb) => step[verb] !== undefined);
    if (given.length !== 1) {
      context.addIssue(
        `must have exactly one of ${verbsOfSteps.join(", ")}; it has ${given.join(", ") || "none"}`,
      );
    }
    if (step.upload !== undefined && step.to === undefined) {
      context.addIssue("an upload needs `to`: a zone and a folder, such as raw/landing/");
    }
  });

/** The file lake.yaml. */
export const lakeSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]*$/, { error: "must be letters, digits and hyphens, a letter first" }),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: "must be a region such as ap-northeast-1" }),
  environments: z.record(
    z.string().regex(/^[a-z][a-z0-9-]*\*?$/, { error: "must be a name, or a prefix and *" }),
    environmentSchema,
  ),
  layers: z.record(
    z.string().regex(name, { error: "must be lower-case letters, digits and hyphens" }),
    layerSchema,
  ),
  zones: z.record(z.string().regex(name), zoneSchema).default({ raw: {}, clean: {}, analytics: {} }),
  athena: z.strictObject({ workgroup: z.string().optional(), results: z.string().optional() }).default({}),
  spark: z
    .strictObject({
      cluster: z.string().optional(),
      logs: z.string().optional(),
      scripts: z.string().optional(),
    })
    .default({}),
  pipeline: z.array(stepSchema).default([]),
});

/** lake.yaml once it is parsed and its defaults are filled in. */
export type LakeFile = z.infer<typeof lakeSchema>;
/** One environment's settings in lake.yaml. */
export type EnvironmentSettings = z.infer<typeof environmentSchema>;
/** One layer's settings in lake.yaml. */
export type LayerSettings = z.infer<typeof layerSchema>;
/** A parameter's value as lake.yaml gives it. */
export type ParameterValue = z.infer<typeof parameterValue>;
/** One step of the pipeline as lake.yaml gives it. */
export type StepSettings = z.infer<typeof stepSchema>;

function isDuration(text: string): boolean {
  try {
    return parseDuration(text) > 0;
  } catch {
    return false;
  }
}

/** The JSON Schema of lake.yaml, for editors. */
export function lakeJsonSchema(): unknown {
  return z.toJSONSchema(lakeSchema, { io: "input", unrepresentable: "any" });
}
