import type { Scalar } from "../contracts/index.ts";

/** A name as Athena's SQL takes it whatever it holds: `"a""b"`. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A value as Athena's SQL takes it whatever it holds: `'a''b'`, `1.5`, `true`, `null`. */
export function quoteLiteral(value: Scalar): string {
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  if (typeof value === "number" && !Number.isInteger(value)) return formatDecimal(value);
  return String(value);
}

/** `"database"."table"`. */
export function quoteTable(database: string, table: string): string {
  return `${quoteIdentifier(database)}.${quoteIdentifier(table)}`;
}

/** Numbers that JavaScript writes with an exponent are doubles in SQL either way; the others are exact decimals. */
function formatDecimal(value: number): string {
  return String(value).replace("e", "E");
}
