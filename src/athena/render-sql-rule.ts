import { listWords, type Place } from "../core/index.ts";
import type { SqlRule } from "../contracts/index.ts";
import { describeWrite, fillPlaceholders, findWrite } from "./sql-text.ts";

/** What a rule's placeholders stand for. */
export interface Placeholders {
  readonly table: string;
  readonly column: string | undefined;
  /** Databases by the names of their zones. */
  readonly zoneDatabases: ReadonlyMap<string, string>;
}

/** A rule's SQL as Athena takes it, and where it is in the user's file. */
export interface RenderedSql {
  readonly sql: string;
  readonly source: Place;
}

/**
 * Fills in the placeholders of a SQL rule: `${table}` or `${object}`, `${column}` or `${property}`, and `{raw}` or
 * another zone for its database. They become quoted names, whether or not the rule puts quotes around them; the dollar
 * sign may be left out, as earlier versions of the standard did.
 *
 * @returns as a string, why it cannot be sent: a placeholder that stands for nothing, or SQL that does not only read.
 */
export function renderSqlRule(
  rule: SqlRule,
  { table, column, zoneDatabases }: Placeholders,
): RenderedSql | string {
  const names = new Map<string, string>([
    ...zoneDatabases,
    ["table", table],
    ["object", table],
    ...(column === undefined
      ? []
      : ([
          ["column", column],
          ["property", column],
        ] as const)),
  ]);
  const { sql, unknown } = fillPlaceholders(rule.query, names);
  if (unknown.length > 0) return `nothing is known that ${listWords(unknown)} could stand for`;
  const verb = findWrite(sql);
  if (verb !== undefined) return describeWrite(verb);
  const { queryPlace } = rule;
  if (queryPlace === undefined) return { sql, source: { file: rule.place.file, line: rule.place.line ?? 1 } };
  // Filling in moves what follows on the same line, so that only the line is still right.
  const { file, line = 1 } = queryPlace;
  return { sql, source: sql === rule.query ? queryPlace : { file, line } };
}
