import type { Limit, Measure, Scalar } from "../contracts/index.ts";
import { baseType, isNested, isNumeric, isText } from "./hive-types.ts";
import { quoteIdentifier, quoteLiteral } from "./sql-text.ts";

/** A column of the catalog that a measure is taken of. */
export interface MeasuredColumn {
  readonly name: string;
  readonly type: string;
}

/** SQL for one measure. */
export interface MeasureSql {
  /** An aggregate over the table that gives the count. */
  readonly count: string;
  /** What follows `from <table>` to see rows that were counted. */
  readonly show: string | undefined;
}

/** SQL that takes a measure; as a string, why it cannot be taken of this column. */
export function measureSql(measure: Measure, column: MeasuredColumn | undefined): MeasureSql | string {
  if (measure.metric === "rowCount") return { count: "count(*)", show: undefined };
  if (measure.metric === "duplicateValues") return duplicateSql(measure.columns);
  if (column === undefined) return "it names no column";
  const name = quoteIdentifier(column.name);
  if (measure.metric === "nullValues") return countRows(`${name} is null`);
  if (isNested(column.type))
    return `${column.name} is of type ${baseType(column.type)}, which has no single values`;
  if (measure.metric === "missingValues") return countRows(isMissing(measure.missing, column));
  const valid = [
    ...(measure.valid === undefined ? [] : [isAmong(measure.valid, column)]),
    ...(measure.pattern === undefined
      ? []
      : [`regexp_like(${asText(column)}, ${quoteLiteral(measure.pattern)})`]),
    ...measure.limits.map((limit) => isWithin(limit, column)),
  ].join(" and ");
  // A value that cannot be compared, such as a text in place of a number, is invalid too; a null is no value.
  return countRows(`${name} is not null and not coalesce(${valid}, false)`);
}

function countRows(predicate: string): MeasureSql {
  return { count: `count_if(${predicate})`, show: `where ${predicate}` };
}

/** How many rows are left over when each value is kept once. Nulls in a single column repeat nothing, as in SQL's UNIQUE. */
function duplicateSql(columns: readonly string[]): MeasureSql {
  const names = columns.map(quoteIdentifier);
  const list = names.join(", ");
  const groups = `group by ${list} having count(*) > 1`;
  if (names.length > 1) return { count: `count(*) - count(distinct row(${list}))`, show: groups };
  return { count: `count(${list}) - count(distinct ${list})`, show: `where ${list} is not null ${groups}` };
}

function isMissing(missing: readonly Scalar[], column: MeasuredColumn): string {
  const values = missing.filter((value) => value !== null);
  const name = quoteIdentifier(column.name);
  const parts = [
    ...(missing.includes(null) ? [`${name} is null`] : []),
    ...(values.length > 0 ? [isAmong(values, column)] : []),
  ];
  return parts.join(" or ");
}

function isAmong(values: readonly Scalar[], column: MeasuredColumn): string {
  const known = values.filter((value) => value !== null);
  const asNumbers = isNumeric(column.type) && known.every((value) => typeof value === "number");
  const literals = known.map((value) => quoteLiteral(asNumbers ? value : String(value)));
  return `${asNumbers ? quoteIdentifier(column.name) : asText(column)} in (${literals.join(", ")})`;
}

function isWithin({ bound, value }: Limit, column: MeasuredColumn): string {
  switch (bound) {
    case "minLength":
      return `length(${asText(column)}) >= ${quoteLiteral(value)}`;
    case "maxLength":
      return `length(${asText(column)}) <= ${quoteLiteral(value)}`;
    case "multipleOf":
      // Remainders of binary fractions are never quite zero; money is decimal.
      return `mod(try_cast(${quoteIdentifier(column.name)} as decimal(38, 10)), ${quoteLiteral(value)}) = 0`;
    default: {
      const signs = { minimum: ">=", maximum: "<=", exclusiveMinimum: ">", exclusiveMaximum: "<" } as const;
      const type = typeof value === "number" ? "double" : "timestamp";
      const limit =
        typeof value === "number" ? quoteLiteral(value) : `cast(${quoteLiteral(value)} as timestamp)`;
      return `try_cast(${quoteIdentifier(column.name)} as ${type}) ${signs[bound]} ${limit}`;
    }
  }
}

function asText({ name, type }: MeasuredColumn): string {
  return isText(type) ? quoteIdentifier(name) : `cast(${quoteIdentifier(name)} as varchar)`;
}
