import type { Place } from "../core/index.ts";
import { limitBounds, type ContractColumn, type Limit, type Measure, type Rule } from "./contract.ts";

interface Key {
  readonly column: ContractColumn;
  readonly position: number;
}

/**
 * The rules that a table's columns imply by `required`, `unique` and `primaryKey`: none of the values is null, none
 * twice.
 *
 * @param positions of the primary key's columns, by their names.
 */
export function impliedRules(
  columns: readonly ContractColumn[],
  positions: ReadonlyMap<string, number>,
): Rule[] {
  const keys = columns
    .filter((column) => column.primaryKey)
    .map((column): Key => ({ column, position: positions.get(column.name) ?? 0 }))
    .sort((a, b) => a.position - b.position)
    .map(({ column }) => column);
  const rules = columns.flatMap((column) => [
    ...(column.required || column.primaryKey ? [noNulls(column)] : []),
    ...(column.unique && !(column.primaryKey && keys.length === 1) ? [noDuplicates("unique", [column])] : []),
  ]);
  const [first, ...others] = keys;
  return first === undefined ? rules : [...rules, noDuplicates("primary key", [first, ...others])];
}

function noNulls(column: ContractColumn): Rule {
  return { ...none(`required: ${column.physicalName}`, { metric: "nullValues" }), ...placed(column) };
}

/** The rule stands at its first column; one about several columns belongs to the table. */
function noDuplicates(
  why: string,
  [first, ...others]: readonly [ContractColumn, ...(readonly ContractColumn[])],
): Rule {
  const columns = [first, ...others].map((column) => column.physicalName);
  const rule = none(`${why}: ${columns.join(", ")}`, { metric: "duplicateValues", columns });
  return { ...rule, ...placed(first), column: others.length === 0 ? first.physicalName : undefined };
}

/** The rules that a column's `logicalTypeOptions` imply: no value outside its limits. */
export function rulesOfOptions(
  column: ContractColumn,
  options: Readonly<Record<string, unknown>>,
  place: Place,
): Rule[] {
  const limits: Limit[] = [];
  const rules: Rule[] = [];
  const base = { column: column.physicalName, place, severity: "error" } as const;
  for (const [key, value] of Object.entries(options)) {
    const bound = limitBounds.find((known) => known === key);
    if (bound && isComparable(value)) limits.push({ bound, value });
    else if (key !== "pattern" && !isDescription(column, key)) {
      const reason = `logicalTypeOptions.${key} is not checked${bound ? "; write it as a date, such as 2026-01-31" : ""}`;
      rules.push({ ...base, kind: "unsupported", name: `${key}: ${column.physicalName}`, reason });
    }
  }
  const pattern = typeof options["pattern"] === "string" ? options["pattern"] : undefined;
  if (limits.length > 0 || pattern !== undefined) {
    const measure: Measure = { metric: "invalidValues", valid: undefined, pattern, limits };
    rules.push({ ...none(`limits: ${column.physicalName}`, measure), ...base });
  }
  return rules;
}

/** Limits of dates are compared only if they are written as SQL writes them; the standard lets `format` decide. */
function isComparable(value: unknown): value is number | string {
  return typeof value === "number" || /^\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d(\.\d+)?)?)?$/.test(String(value));
}

/** Whether an option tells how a value is stored rather than what it may be. */
function isDescription({ logicalType }: ContractColumn, key: string): boolean {
  if (key === "format") return logicalType === "integer" || logicalType === "number";
  return key === "timezone" || key === "defaultTimezone";
}

function none(name: string, measure: Measure) {
  const condition = { operator: "mustBe", value: 0 } as const;
  return { kind: "metric", name, severity: "error", measure, unit: "rows", condition } as const;
}

function placed({ physicalName, place }: ContractColumn) {
  return { column: physicalName, place };
}
