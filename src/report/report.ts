import { z } from "zod";

const placeSchema = z.object({
  file: z.string(),
  line: z.number().int().positive().optional(),
  column: z.number().int().positive().optional(),
});

/** What a check, schema diff, drift or audit found. */
const findingSchema = z.object({
  severity: z.enum(["error", "warning", "info"]),
  /** Stable and short: "not null: order_id". */
  title: z.string(),
  /** What it was found on: a table, a layer, a resource. */
  subject: z.string(),
  /** What was expected and what was seen. */
  why: z.string(),
  /** What to do next. */
  fix: z.string().optional(),
  place: placeSchema.optional(),
});

const tableSchema = z.object({
  kind: z.literal("table"),
  title: z.string(),
  columns: z.array(z.object({ name: z.string(), align: z.enum(["left", "right"]).default("left") })),
  rows: z.array(z.array(z.string())),
});
const chartSchema = z.object({
  kind: z.literal("chart"),
  title: z.string(),
  points: z.array(z.object({ label: z.string(), value: z.number(), text: z.string() })),
});
const textSchema = z.object({ kind: z.literal("text"), title: z.string(), lines: z.array(z.string()) });

/** One section of a report: a table, a bar chart, or lines of text. */
const sectionSchema = z.discriminatedUnion("kind", [tableSchema, chartSchema, textSchema]);

/** How long a step took; `start` is milliseconds after the report's `startedAt`. */
const timingSchema = z.object({
  name: z.string(),
  group: z.string(),
  start: z.number(),
  milliseconds: z.number(),
  outcome: z.enum(["done", "unchanged", "skipped", "failed", "cancelled"]),
});

/** Why a verb ended without doing what it was asked to. */
const failureSchema = z.object({
  /** One of the closed list of docs/failure-reasons.md. */
  reason: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  place: placeSchema.optional(),
  mistakes: z.array(z.object({ message: z.string(), place: placeSchema.optional() })),
});

/** Which run of a workflow made a report. */
const runSchema = z.object({
  /** `owner/name`. */
  repository: z.string(),
  sha: z.string(),
  id: z.number().int().nonnegative(),
  attempt: z.number().int().positive(),
  job: z.string(),
  /** The run's page. */
  url: z.url({ protocol: /^https?$/ }),
});

/** What a verb returns for people, as data; every renderer takes exactly this. Version 1. */
export const reportSchema = z.object({
  version: z.literal(1),
  verb: z.string(),
  lake: z.string().optional(),
  environment: z.string().optional(),
  /** Whether the environment passes away, or is one that people work with. */
  lifetime: z.enum(["ephemeral", "protected"]).optional(),
  /** `passed`, `changed` and `unchanged` are good ends; `failed` is not. */
  verdict: z.enum(["passed", "changed", "unchanged", "failed"]),
  /** The verdict as one sentence. */
  headline: z.string(),
  sections: z.array(sectionSchema),
  findings: z.array(findingSchema),
  timings: z.array(timingSchema),
  failure: failureSchema.optional(),
  run: runSchema.optional(),
  /** ISO 8601, UTC. */
  startedAt: z.iso.datetime().optional(),
  /** From the start of the verb to its end. */
  milliseconds: z.number().nonnegative().optional(),
});

/** See {@link findingSchema}. */
export type Finding = z.infer<typeof findingSchema>;
/** See {@link sectionSchema}. */
export type Section = z.infer<typeof sectionSchema>;
/** A table section. */
export type TableSection = z.infer<typeof tableSchema>;
/** See {@link reportSchema}. */
export type Report = z.infer<typeof reportSchema>;
/** See {@link failureSchema}. */
export type Failure = z.infer<typeof failureSchema>;
/** See {@link runSchema}. */
export type Run = z.infer<typeof runSchema>;
/** How long one step took. */
export type Timing = Report["timings"][number];

/** A table section; a column whose name starts with ">" is aligned right. */
export function table(title: string, columns: readonly string[], rows: readonly string[][]): TableSection {
  return {
    kind: "table",
    title,
    columns: columns.map((name) =>
      name.startsWith(">") ? { name: name.slice(1), align: "right" } : { name, align: "left" },
    ),
    rows: rows.map((row) => [...row]),
  };
}
