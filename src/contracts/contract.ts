import type { Place } from "../core/index.ts";
import type { Condition, Scalar } from "./condition.ts";

/** One Open Data Contract Standard file: what its producer promises about its tables. */
export interface Contract {
  readonly file: string;
  readonly id: string;
  readonly name: string | undefined;
  readonly version: string;
  readonly tables: readonly ContractTable[];
}

/** One table of a contract, an element of its `schema`. */
export interface ContractTable {
  readonly name: string;
  /** Its name in the catalog. */
  readonly physicalName: string;
  readonly columns: readonly ContractColumn[];
  /** The rules of the table and of its columns, written and implied, in the order of the file. */
  readonly rules: readonly Rule[];
  readonly place: Place;
}

/** The types that the standard knows independently of any engine. */
export const logicalTypes = [
  "string",
  "date",
  "timestamp",
  "time",
  "number",
  "integer",
  "object",
  "array",
  "boolean",
] as const;

/** See {@link logicalTypes}. */
export type LogicalType = (typeof logicalTypes)[number];

/** One column, a top-level property of a table. */
export interface ContractColumn {
  readonly name: string;
  /** Its name in the catalog. */
  readonly physicalName: string;
  readonly logicalType: LogicalType | undefined;
  /** As the engine writes it: `decimal(12,2)`. */
  readonly physicalType: string | undefined;
  readonly required: boolean;
  readonly unique: boolean;
  readonly primaryKey: boolean;
  readonly place: Place;
}

/** How bad it is when a rule does not hold. */
export type Severity = "error" | "warning" | "info";

interface RuleBase {
  /** Short and stable: the rule's own name or id, else made of its metric and column. */
  readonly name: string;
  readonly severity: Severity;
  /** Catalog name of the column the rule belongs to; undefined for a rule of the table. */
  readonly column: string | undefined;
  readonly place: Place;
}

/** A limit that a contract sets to the values of a column by `logicalTypeOptions`. */
export interface Limit {
  readonly bound: LimitBound;
  readonly value: number | string;
}

/** The limits that can be checked. */
export const limitBounds = [
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
] as const;

/** See {@link limitBounds}. */
export type LimitBound = (typeof limitBounds)[number];

/** What a rule counts, by the metrics of the standard's library. Column names are those of the catalog. */
export type Measure =
  | { readonly metric: "rowCount" }
  | { readonly metric: "nullValues" }
  | { readonly metric: "missingValues"; readonly missing: readonly Scalar[] }
  | {
      readonly metric: "invalidValues";
      readonly valid: readonly Scalar[] | undefined;
      readonly pattern: string | undefined;
      readonly limits: readonly Limit[];
    }
  | { readonly metric: "duplicateValues"; readonly columns: readonly string[] };

/** A count of rows, or its share of all rows in percent, compared with what is promised. */
export interface MetricRule extends RuleBase {
  readonly kind: "metric";
  readonly measure: Measure;
  readonly unit: "rows" | "percent";
  readonly condition: Condition;
}

/** A query that returns one value, compared with what is promised. */
export interface SqlRule extends RuleBase {
  readonly kind: "sql";
  /** As written, with its placeholders. */
  readonly query: string;
  /** Where the query's first character is, if every line of the query is a line of the file. */
  readonly queryPlace: Place | undefined;
  readonly condition: Condition;
}

/** A rule that a program cannot check, or not this one; it is reported, never dropped. */
export interface UnsupportedRule extends RuleBase {
  readonly kind: "unsupported";
  /** Why it is not run, as the end of a sentence. */
  readonly reason: string;
}

/** One quality rule of a table or a column. */
export type Rule = MetricRule | SqlRule | UnsupportedRule;
