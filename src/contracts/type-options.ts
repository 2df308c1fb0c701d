import { z } from "zod";
import type { LogicalType } from "./contract.ts";

const whole = z.number().int().min(0);
const limits = <T extends z.ZodType>(value: T) => ({
  minimum: value.optional(),
  maximum: value.optional(),
  exclusiveMinimum: value.optional(),
  exclusiveMaximum: value.optional(),
});
const numbers = { ...limits(z.number()), multipleOf: z.number().positive().optional() };
const dates = { ...limits(z.string()), format: z.string().optional() };
const times = { ...dates, timezone: z.boolean().optional(), defaultTimezone: z.string().optional() };
const bits = [8, 16, 32, 64, 128].flatMap((size) => [`i${size}`, `u${size}`]);

/** What the standard allows as `logicalTypeOptions`, by the logical type. */
export const typeOptions: Readonly<Record<LogicalType, z.ZodType<Readonly<Record<string, unknown>>>>> = {
  string: z.strictObject({
    minLength: whole.optional(),
    maxLength: whole.optional(),
    pattern: z.string().optional(),
    format: z.string().optional(),
  }),
  date: z.strictObject(dates),
  timestamp: z.strictObject(times),
  time: z.strictObject(times),
  integer: z.strictObject({ ...numbers, format: z.enum(bits).optional() }),
  number: z.strictObject({ ...numbers, format: z.enum(["f32", "f64"]).optional() }),
  object: z.strictObject({
    minProperties: whole.optional(),
    maxProperties: whole.optional(),
    required: z.array(z.string()).min(1).optional(),
  }),
  array: z.strictObject({
    minItems: whole.optional(),
    maxItems: whole.optional(),
    uniqueItems: z.boolean().optional(),
  }),
  boolean: z.record(z.string(), z.unknown()),
};
