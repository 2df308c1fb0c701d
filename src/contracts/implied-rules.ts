import type { Place } from "../core/index.ts";
import { limitBounds, type ContractColumn, type Limit, type Measure, type Rule } from "./contract.ts";

interface Key {
  readonly column: ContractColumn;
  readonly position: number;
}

/**
 * The rules that a table's columns imply by `required`, `unique` and `primaryKey`: none of the values is null, none
 * twice.
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
    ...(column.required || column.primaryKey
      ? [none(`required: ${column.physicalName}`, column, { metric: "nullValues" })]
      : []),
    ...(column.unique && !(column.primaryKey && keys.length === 1)
      ? [none(`unique: ${column.physicalName}`, column, duplicates([column]))]
      : []),
  ]);
  const [first] = keys;
  if (first === undefined) return rules;
  const name = `primary key: ${keys.map((column) => column.physicalName).join(", ")}`;
  return [...rules, none(name, first, duplicates(keys), keys.length === 1 ? first.physicalName : undefined)];
}

/** The rules that a column's `logicalTypeOptions` imply: no value outside its limits. */
export function ruleOfOptions(
  column: ContractColumn,
  options: Readonly<Record<string, unknown>>,
  place: Place,
): Rule[] {
  const limits: Limit[] = [];
  const unchecked: string[] = [];
  for (const [key, value] of Object.entries(options)) {
    const bound = limitBounds.find((known) => known === key);
    if (bound && (typeof value === "number" || typeof value === "string")) limits.push({ bound, value });
    else if (key !== "pattern" && !isDescription(column, key)) unchecked.push(key);
  }
  const pattern = typeof options["pattern"] === "string" ? options["pattern"] : undefined;
  const base = { column: column.physicalName, place, severity: "error" } as const;
  const rules: Rule[] = unchecked.map((key) => ({
    ...base,
    kind: "unsupported",
    name: `${key}: ${column.physicalName}`,
    reason: `logicalTypeOptions.${key} is not checked`,
  }));
  if (limits.length > 0 || pattern !== undefined) {
    const measure: Measure = { metric: "invalidValues", valid: undefined, pattern, limits };
    rules.push({ ...none(`limits: ${column.physicalName}`, column, measure), place });
  }
  return rules;
}

/** Whether an option tells how a value is stored rather than what it may be. */
function isDescription({ logicalType }: ContractColumn, key: string): boolean {
  if (key === "format") return logicalType === "integer" || logicalType === "number";
  return key === "timezone" || key === "defaultTimezone";
}

function duplicates(columns: readonly ContractColumn[]): Measure {
  return { metric: "duplicateValues", columns: columns.map((column) => column.physicalName) };
}

function none(name: string, { physicalName, place }: ContractColumn, measure: Measure, of?: string): Rule {
  const column = measure.metric === "duplicateValues" && measure.columns.length > 1 ? of : physicalName;
  const condition = { operator: "mustBe", value: 0 } as const;
  return { kind: "metric", name, severity: "error", column, place, measure, unit: "rows", condition };
}
