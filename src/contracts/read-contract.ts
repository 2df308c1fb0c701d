import type { z } from "zod";
import type { Mistake } from "../core/index.ts";
import type { Contract, ContractColumn, ContractTable, Rule } from "./contract.ts";
import type { ContractSource, Path } from "./contract-source.ts";
import {
  contractSchema,
  objectSchema,
  type NestedProperty,
  type ObjectEntry,
  type PropertyEntry,
} from "./document-schema.ts";
import { impliedRules, rulesOfOptions } from "./implied-rules.ts";
import { readRule, type RuleScope } from "./read-rules.ts";
import { typeOptions } from "./type-options.ts";

/** A contract, or the mistakes that keep a file from being one. */
export type ReadContract = { readonly contract: Contract } | { readonly mistakes: readonly Mistake[] };

/** Makes a contract of a parsed file, or finds everything that is wrong with it, each with its line. */
export function readContract(source: ContractSource): ReadContract {
  if (source.mistakes.length > 0) return { mistakes: source.mistakes };
  const parsed = contractSchema.safeParse(source.value);
  const mistakes = (parsed.error?.issues ?? []).map((issue) => toMistake(issue, [], source.value, source));
  // Tables are read one by one, so that one that is no table does not hide what is wrong with the others.
  const entries = asList(valueAt(source.value, ["schema"])).map(
    (entry) => objectSchema.safeParse(entry).data,
  );
  const tables = entries.map(
    (entry, index) => entry && readTable(entry, ["schema", index], source, mistakes),
  );
  findRepeated(entries, ["schema"], source, mistakes);
  if (!parsed.success || mistakes.length > 0) return { mistakes: mistakes.sort(byLine) };
  const { id, name, version } = parsed.data;
  const contract = {
    file: source.file,
    id,
    name,
    version,
    tables: tables.filter((table) => table !== undefined),
  };
  return { contract };
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function byLine(a: Mistake, b: Mistake): number {
  return (a.place?.line ?? 0) - (b.place?.line ?? 0);
}

function readTable(
  entry: ObjectEntry,
  path: Path,
  source: ContractSource,
  mistakes: Mistake[],
): ContractTable {
  const properties = entry.properties ?? [];
  findRepeated(properties, [...path, "properties"], source, mistakes);
  const pathOf = (index: number) => [...path, "properties", index];
  const columns = properties.map((property, index) => readColumn(property, source, pathOf(index)));
  const columnNames = new Map(columns.map((column) => [column.name, column.physicalName]));
  const scope = { source, mistakes, columnNames, column: undefined, path };
  const ofColumns = columns.flatMap((column, index) => {
    const property = properties[index];
    if (property === undefined) return [];
    return readColumnRules(property, column, { ...scope, column: column.physicalName, path: pathOf(index) });
  });
  const positions = new Map(properties.map((property) => [property.name, property.primaryKeyPosition ?? 0]));
  const rules = [...readQuality(entry, scope), ...impliedRules(columns, positions), ...ofColumns];
  const physicalName = entry.physicalName ?? entry.name;
  return { name: entry.name, physicalName, columns, rules, place: source.place(path) };
}

function readColumn(property: PropertyEntry, source: ContractSource, path: Path): ContractColumn {
  const { name, physicalName, logicalType, physicalType, required, unique, primaryKey } = property;
  return {
    name,
    physicalName: physicalName ?? name,
    logicalType,
    physicalType,
    required: required ?? false,
    unique: unique ?? false,
    primaryKey: primaryKey ?? false,
    place: source.place(path),
  };
}

function readColumnRules(property: PropertyEntry, column: ContractColumn, scope: RuleScope): Rule[] {
  const place = scope.source.place([...scope.path, "logicalTypeOptions"]);
  return [
    ...readQuality(property, scope),
    ...rulesOfOptions(column, readOptions(property, scope), place),
    ...nestedRules(property, scope),
  ];
}

function readOptions({ logicalType, logicalTypeOptions: given }: PropertyEntry, scope: RuleScope) {
  const path = [...scope.path, "logicalTypeOptions"];
  if (given === undefined) return {};
  if (logicalType === undefined) {
    scope.mistakes.push({
      message: "logicalTypeOptions needs a logicalType",
      place: scope.source.place(path),
    });
    return {};
  }
  const parsed = typeOptions[logicalType].safeParse(given);
  if (parsed.success) return parsed.data;
  scope.mistakes.push(...parsed.error.issues.map((issue) => toMistake(issue, path, given, scope.source)));
  return {};
}

function readQuality(entry: Pick<PropertyEntry, "quality">, scope: RuleScope): Rule[] {
  return (entry.quality ?? [])
    .map((rule, index) => readRule(rule, { ...scope, path: [...scope.path, "quality", index] }))
    .filter((rule) => rule !== null);
}

/** Rules of fields within a column: they are read, so that they can be reported as not run. */
function nestedRules(property: NestedProperty, scope: RuleScope): Rule[] {
  const below: (readonly [NestedProperty, Path])[] = (property.properties ?? []).map((nested, index) => [
    nested,
    ["properties", index],
  ]);
  if (property.items) below.push([property.items, ["items"]]);
  return below.flatMap(([nested, path]) => {
    const inner = { ...scope, path: [...scope.path, ...path] };
    const rules = readQuality({ quality: nested.quality && [...nested.quality] }, inner);
    const reason = `it is about a field within ${scope.column ?? "a column"}`;
    return [
      ...rules.map(({ name, severity, column, place }): Rule => ({
        kind: "unsupported",
        name,
        severity,
        column,
        place,
        reason,
      })),
      ...nestedRules(nested, inner),
    ];
  });
}

function findRepeated(
  entries: readonly ({ readonly name: string } | undefined)[],
  path: Path,
  source: ContractSource,
  mistakes: Mistake[],
): void {
  const seen = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    if (entry === undefined) continue;
    const place = source.place([...path, index]);
    if (seen.has(entry.name)) mistakes.push({ message: `"${entry.name}" is described twice`, place });
    seen.add(entry.name);
  }
}

/** One issue in words; `data` is what was parsed, and `path` where it is in the file. */
function toMistake(issue: z.core.$ZodIssue, path: Path, data: unknown, source: ContractSource): Mistake {
  const where = [...path, ...issue.path];
  const keys = issue.code === "unrecognized_keys" ? issue.keys : [];
  return {
    message: explain(issue, where, valueAt(data, issue.path)),
    place: source.place([...where, ...keys.slice(0, 1)]),
  };
}

function explain(issue: z.core.$ZodIssue, path: Path, value: unknown): string {
  const prefix = path.length === 0 ? "" : `${path.map(String).join(".")}: `;
  const missing = value === undefined ? "is missing" : `${JSON.stringify(value)} is not allowed`;
  switch (issue.code) {
    case "unrecognized_keys":
      return `${prefix}the standard has no such key: ${issue.keys.join(", ")}`;
    case "invalid_value":
      return `${prefix}${missing}; allowed are ${issue.values.map(String).join(", ")}`;
    case "invalid_type":
      return value === undefined ? `${prefix}is missing` : `${prefix}must be of type ${issue.expected}`;
    default:
      return `${prefix}${issue.message}`;
  }
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (parent, key) => (parent as Record<PropertyKey, unknown> | null | undefined)?.[key],
    data,
  );
}
