import type { Severity } from "../../src/audit/index.ts";
import { change, type Json } from "./records.ts";

/** Records that a rule has to find, and near misses that differ from them in one field. */
export interface Case {
  readonly severity: Severity;
  readonly records: readonly Json[];
  readonly misses: readonly (readonly Json[])[];
}

/** A field of a record, and what it is in a near miss; undefined takes it out. */
export type Difference = readonly [path: string, value: unknown];

/** A case of one record. */
export function hit(severity: Severity, record: Json, ...differences: readonly Difference[]): Case {
  const misses = differences.map(([path, value]) => [change(record, path, value)]);
  return { severity, records: [record], misses };
}

/** A case of several records. */
export function hits(severity: Severity, records: readonly Json[], ...misses: readonly Json[][]): Case {
  return { severity, records, misses };
}
