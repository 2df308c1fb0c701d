import { z } from "zod";
import { operators } from "./condition.ts";
import { logicalTypes } from "./contract.ts";

/** Keys that the standard has and that say nothing about how data is checked. */
function unread<const K extends string>(...keys: K[]): Record<K, z.ZodOptional<z.ZodUnknown>> {
  return Object.fromEntries(keys.map((key) => [key, z.unknown().optional()])) as never;
}

const words = z.string().min(1, "must not be empty");

const stableId = z.string().regex(/^[A-Za-z0-9_-]+$/, "must be made of letters, digits, - and _");

/** One entry of a `quality` list. What its type asks for beyond this is read in read-rules.ts. */
const qualitySchema = z.strictObject({
  ...unread("authoritativeDefinitions", "businessImpact", "customProperties", "method", "tags", "rule"),
  ...unread("schedule", "scheduler", ...operators),
  id: stableId.optional(),
  dimension: z
    .enum(["accuracy", "completeness", "conformity", "consistency", "coverage", "timeliness", "uniqueness"])
    .optional(),
  name: words.optional(),
  description: z.string().optional(),
  severity: words.optional(),
  type: z.enum(["text", "library", "sql", "custom"]).optional(),
  metric: z.enum(["nullValues", "missingValues", "invalidValues", "duplicateValues", "rowCount"]).optional(),
  arguments: z.record(z.string(), z.unknown()).optional(),
  unit: words.optional(),
  query: words.optional(),
  engine: words.optional(),
  implementation: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
});

const elementKeys = {
  ...unread("authoritativeDefinitions", "businessName", "customProperties", "tags", "relationships"),
  id: stableId.optional(),
  description: z.string().optional(),
  physicalName: words.optional(),
  physicalType: words.optional(),
  quality: z.array(qualitySchema).optional(),
};

const propertyKeys = {
  ...elementKeys,
  ...unread("classification", "encryptedName", "transformSourceObjects", "transformLogic"),
  ...unread("transformDescription", "examples", "criticalDataElement", "partitionKeyPosition"),
  logicalType: z.enum(logicalTypes).optional(),
  logicalTypeOptions: z.record(z.string(), z.unknown()).optional(),
  required: z.boolean().optional(),
  unique: z.boolean().optional(),
  primaryKey: z.boolean().optional(),
  primaryKeyPosition: z.number().int().optional(),
  partitioned: z.boolean().optional(),
};

/** One column, or a field within one. */
const propertySchema = z.strictObject({
  ...propertyKeys,
  name: words,
  get properties(): z.ZodOptional<z.ZodArray<z.ZodType<NestedProperty>>> {
    return z.array(propertySchema).optional();
  },
  get items(): z.ZodOptional<z.ZodType<NestedProperty>> {
    return itemSchema.optional();
  },
});

const itemSchema: z.ZodType<NestedProperty> = z.strictObject({
  ...propertyKeys,
  name: words.optional(),
  get properties() {
    return z.array(propertySchema).optional();
  },
  get items() {
    return itemSchema.optional();
  },
});

/** A field within a column, as deep as it goes. */
export interface NestedProperty {
  readonly name?: string | undefined;
  readonly quality?: readonly QualityEntry[] | undefined;
  readonly properties?: readonly NestedProperty[] | undefined;
  readonly items?: NestedProperty | undefined;
}

/** One table. */
export const objectSchema = z.strictObject({
  ...elementKeys,
  ...unread("dataGranularityDescription"),
  name: words,
  logicalType: z.literal("object").optional(),
  properties: z.array(propertySchema).optional(),
});

/** A whole contract file, as the Open Data Contract Standard 3.1 has it. */
export const contractSchema = z.strictObject({
  ...unread("tenant", "tags", "servers", "dataProduct", "description", "domain", "support", "price", "team"),
  ...unread("roles", "slaDefaultElement", "slaProperties", "authoritativeDefinitions", "customProperties"),
  ...unread("contractCreatedTs"),
  apiVersion: z.enum(["v3.1.0", "v3.0.2", "v3.0.1", "v3.0.0"]),
  kind: z.literal("DataContract"),
  id: words,
  name: z.string().optional(),
  version: words,
  status: words,
  schema: z.array(objectSchema).min(1, "must name at least one table"),
});

/** One entry of a `quality` list. */
export type QualityEntry = z.infer<typeof qualitySchema>;
/** One column as written. */
export type PropertyEntry = z.infer<typeof propertySchema>;
/** One table as written. */
export type ObjectEntry = z.infer<typeof objectSchema>;
