import type { Mistake } from "../core/index.ts";
import { operators, readCondition, type Condition, type Scalar } from "./condition.ts";
import type { Measure, MetricRule, Rule, Severity } from "./contract.ts";
import type { ContractSource, Path } from "./contract-source.ts";
import type { QualityEntry } from "./document-schema.ts";

/** Where a rule stands: what is needed to read it and to say what is wrong with it. */
export interface RuleScope {
  readonly source: ContractSource;
  /** Of the `quality` entry. */
  readonly path: Path;
  /** Catalog name of the rule's column; undefined for a rule of the table. */
  readonly column: string | undefined;
  /** Catalog names of the table's columns by the names the contract gives them. */
  readonly columnNames: ReadonlyMap<string, string>;
  readonly mistakes: Mistake[];
}

/** Reads one `quality` entry; null where it is mistaken, which is then in the scope's mistakes. */
export function readRule(entry: QualityEntry, scope: RuleScope): Rule | null {
  const base = {
    name: entry.name ?? entry.id ?? defaultName(entry, scope),
    severity: toSeverity(entry.severity),
    column: scope.column,
    place: scope.source.place(scope.path),
  };
  const type = entry.type ?? (entry.metric === undefined ? "text" : "library");
  const foreign = [...keysOfTypes].filter((key) => entry[key] !== undefined && !keysOf[type].includes(key));
  if (foreign.length > 0) return refuse(scope, [], describeForeign(foreign, entry, type));
  if (type === "text") return { ...base, kind: "unsupported", reason: "it is a text for people" };
  if (type === "custom") {
    if (entry.engine === undefined || entry.implementation === undefined) {
      return refuse(scope, [], "a custom rule needs engine and implementation");
    }
    return { ...base, kind: "unsupported", reason: `it is written for ${entry.engine}` };
  }
  const condition = readCondition(entry);
  if (typeof condition === "string") return refuse(scope, [], condition);
  if (type === "sql") {
    if (entry.query === undefined) return refuse(scope, [], "a sql rule needs a query");
    const queryPlace = scope.source.textPlace([...scope.path, "query"]);
    return { ...base, kind: "sql", query: entry.query, queryPlace, condition };
  }
  const measure = readMeasure(entry, scope);
  const unit = readUnit(entry, condition, scope);
  if (measure === null || unit === null) return null;
  return { ...base, kind: "metric", measure, unit, condition };
}

type TypeKey = keyof QualityEntry;

/** The keys that only some types of rule have. */
const keysOf: Readonly<Record<"library" | "sql" | "custom" | "text", readonly TypeKey[]>> = {
  library: ["metric", "rule", "arguments", ...operators],
  sql: ["query", ...operators],
  custom: ["engine", "implementation"],
  text: [],
};
const keysOfTypes = new Set(Object.values(keysOf).flat());

/** What is wrong with keys that a rule's type does not have; a type that is left out is text, unless there is a metric. */
function describeForeign(keys: readonly string[], entry: QualityEntry, type: string): string {
  if (entry.type !== undefined) return `a ${type} rule has no ${keys.join(", ")}`;
  if (entry.query !== undefined) return "a rule with a query needs type: sql";
  if (entry.engine !== undefined) return "a rule for another engine needs type: custom";
  return "a library rule needs a metric";
}

function readMeasure(entry: QualityEntry, scope: RuleScope): Measure | null {
  const { metric, arguments: given = {} } = entry;
  if (metric === undefined) return refuse(scope, [], "a library rule needs a metric");
  if (metric === "rowCount") {
    return scope.column === undefined ? { metric } : refuse(scope, ["metric"], "rowCount is for tables");
  }
  if (metric === "duplicateValues") return readDuplicates(given, scope);
  if (scope.column === undefined) return refuse(scope, ["metric"], `${metric} is for columns`);
  if (metric === "nullValues") return { metric };
  if (metric === "missingValues") {
    const missing = readScalars(given, "missingValues", scope);
    // The standard names empty strings first among what counts as missing; null is missing in any reading.
    return missing === null ? null : { metric, missing: missing ?? [null, ""] };
  }
  return readInvalid(given, scope);
}

function readInvalid(given: Record<string, unknown>, scope: RuleScope): Measure | null {
  const valid = readScalars(given, "validValues", scope);
  const { pattern } = given;
  if (valid === null) return null;
  if (pattern !== undefined && typeof pattern !== "string") {
    return refuse(scope, ["arguments", "pattern"], "pattern must be a text");
  }
  if (pattern === undefined && valid === undefined) {
    return refuse(scope, ["metric"], "invalidValues needs arguments: validValues or pattern");
  }
  return { metric: "invalidValues", valid, pattern, limits: [] };
}

function readDuplicates(given: Record<string, unknown>, scope: RuleScope): Measure | null {
  const metric = "duplicateValues";
  if (scope.column !== undefined) return { metric, columns: [scope.column] };
  const names = given["properties"];
  if (!Array.isArray(names) || names.length === 0) {
    return refuse(scope, ["metric"], "duplicateValues of a table needs arguments: properties");
  }
  const columns: string[] = [];
  for (const [index, name] of names.entries()) {
    const column = scope.columnNames.get(String(name));
    if (column === undefined) {
      refuse(
        scope,
        ["arguments", "properties", index],
        `${JSON.stringify(name)} is no property of the table`,
      );
    } else columns.push(column);
  }
  return columns.length === names.length ? { metric, columns } : null;
}

/** The list of values named `key`: undefined where it is not given, null where it is mistaken. */
function readScalars(
  given: Record<string, unknown>,
  key: string,
  scope: RuleScope,
): readonly Scalar[] | null | undefined {
  const list = given[key];
  if (list === undefined) return undefined;
  const fits = (item: unknown): item is Scalar =>
    item === null || ["string", "number", "boolean"].includes(typeof item);
  if (Array.isArray(list) && list.length > 0 && list.every(fits)) return list;
  return refuse(scope, ["arguments", key], `${key} must be a list of values`);
}

function readUnit(entry: QualityEntry, condition: Condition, scope: RuleScope): MetricRule["unit"] | null {
  const unit = entry.unit ?? "rows";
  if (unit !== "rows" && unit !== "percent") {
    return refuse(scope, ["unit"], `unit: "${unit}" is not allowed; allowed are rows, percent`);
  }
  if (unit === "percent" && entry.metric === "rowCount") {
    return refuse(scope, ["unit"], "rowCount is counted in rows");
  }
  if ("value" in condition && typeof condition.value !== "number") {
    return refuse(scope, [], `${condition.operator}: ${JSON.stringify(condition.value)} is no number`);
  }
  return unit;
}

function toSeverity(text: string | undefined): Severity {
  const known: Record<string, Severity> = { info: "info", warning: "warning", warn: "warning" };
  // The standard leaves the word open; whatever is not known to be milder is an error.
  return known[text?.toLowerCase() ?? ""] ?? "error";
}

function defaultName(entry: QualityEntry, scope: RuleScope): string {
  const what = entry.metric ?? entry.description?.trim().split("\n")[0] ?? entry.type ?? "rule";
  return scope.column === undefined ? what : `${what}: ${scope.column}`;
}

function refuse(scope: RuleScope, below: Path, message: string): null {
  scope.mistakes.push({ message, place: scope.source.place([...scope.path, ...below]) });
  return null;
}
