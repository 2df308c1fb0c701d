import { isWidening } from "./widening.ts";
import type { CatalogColumn, CatalogSnapshot, CatalogTable } from "./snapshot-catalog.ts";

/** One difference between two snapshots of a database. */
export interface CatalogChange {
  readonly kind:
    | "table added"
    | "table removed"
    | "column added"
    | "column removed"
    | "column retyped"
    | "partition keys changed"
    | "classification changed";
  readonly table: string;
  readonly column?: string;
  readonly before?: string;
  readonly after?: string;
  /** Whether a query that worked before can fail, or read something else, after. */
  readonly breaking: boolean;
}

/** What changed between two snapshots of one database, in the order of the tables' names. */
export function diffCatalog(before: CatalogSnapshot, after: CatalogSnapshot): CatalogChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((table): CatalogChange[] => {
    const [old, now] = [before.get(table), after.get(table)];
    if (old === undefined) return [{ kind: "table added", table, breaking: false }];
    if (now === undefined) return [{ kind: "table removed", table, breaking: true }];
    return diffTable(old, now);
  });
}

function diffTable(before: CatalogTable, after: CatalogTable): CatalogChange[] {
  const table = after.name;
  const changes = diffColumns(table, before.columns, after.columns);
  const keys = { before: describe(before.partitionKeys), after: describe(after.partitionKeys) };
  if (keys.before !== keys.after)
    changes.push({ kind: "partition keys changed", table, ...keys, breaking: true });
  if (before.classification !== after.classification) {
    const classes = { before: before.classification ?? "none", after: after.classification ?? "none" };
    changes.push({ kind: "classification changed", table, ...classes, breaking: true });
  }
  return changes;
}

function diffColumns(
  table: string,
  before: readonly CatalogColumn[],
  after: readonly CatalogColumn[],
): CatalogChange[] {
  const types = new Map(after.map((column) => [column.name, column.type]));
  const known = new Set(before.map((column) => column.name));
  const changes = before.flatMap(({ name: column, type }): CatalogChange[] => {
    const now = types.get(column);
    if (now === undefined) return [{ kind: "column removed", table, column, before: type, breaking: true }];
    if (now === type) return [];
    const breaking = !isWidening(type, now);
    return [{ kind: "column retyped", table, column, before: type, after: now, breaking }];
  });
  const added = after
    .filter((column) => !known.has(column.name))
    .map(({ name: column, type }): CatalogChange => {
      return { kind: "column added", table, column, after: type, breaking: false };
    });
  return [...changes, ...added];
}

function describe(columns: readonly CatalogColumn[]): string {
  return columns.map(({ name, type }) => `${name} ${type}`).join(", ") || "none";
}
