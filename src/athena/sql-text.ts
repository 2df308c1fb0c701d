import type { Scalar } from "../contracts/index.ts";

/** A name as Athena's SQL takes it whatever it holds: `"a""b"`. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A value as Athena's SQL takes it whatever it holds: `'a''b'`, `1.5`, `1e+21`, `true`, `null`. */
export function quoteLiteral(value: Scalar): string {
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  return String(value);
}

/** `"database"."table"`. */
export function quoteTable(database: string, table: string): string {
  return `${quoteIdentifier(database)}.${quoteIdentifier(table)}`;
}
