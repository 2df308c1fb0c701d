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

/** SQL whose placeholders are filled in, and those that stand for nothing, as they were left. */
export interface FilledSql {
  readonly sql: string;
  readonly unknown: readonly string[];
}

/**
 * Puts names in the place of `${table}`, `{raw}` and the like. They become quoted names, whether or not the SQL puts
 * quotes around them; the dollar sign may be left out, as earlier versions of the contract standard did.
 */
export function fillPlaceholders(text: string, names: ReadonlyMap<string, string>): FilledSql {
  const unknown: string[] = [];
  // What stands after \p is a class of characters in a regular expression, and digits are its repetitions.
  const sql = text.replaceAll(/(?<!\\[pP])("?)\$?\{([a-zA-Z_][\w-]*)\}\1/g, (whole, _quote, name: string) => {
    const value = names.get(name);
    if (value === undefined) unknown.push(whole);
    return value === undefined ? whole : quoteIdentifier(value);
  });
  return { sql, unknown };
}

/** `"database"."table"`. */
export function quoteTable(database: string, table: string): string {
  return `${quoteIdentifier(database)}.${quoteIdentifier(table)}`;
}

const reading = ["select", "with", "values", "table", "show", "describe", "desc", "explain"];

/**
 * The verb of SQL that does something else than read: `DROP`. Athena takes one statement a query, so that its first word
 * says it.
 */
export function findWrite(sql: string): string | undefined {
  const [, verb] = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\()*([a-z]+)/i.exec(sql) ?? [];
  return verb === undefined || reading.includes(verb.toLowerCase()) ? undefined : verb.toUpperCase();
}

/** Why such SQL is not sent. */
export function describeWrite(verb: string): string {
  return `a check only reads, and this is ${verb}: it was not run`;
}
