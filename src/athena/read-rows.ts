import {
  AthenaClient,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  type Row,
} from "@aws-sdk/client-athena";
import type { Context } from "../core/index.ts";

/** One column of a result; the type is Athena's, such as `varchar` or `bigint`. */
export interface ResultColumn {
  readonly name: string;
  readonly type: string;
}

/** One row of a result: every value as text, null for NULL. */
export type ResultRow = readonly (string | null)[];

/** A result as it is read. */
export interface ResultReader {
  readonly columns: readonly ResultColumn[];
  /** The rows in pages of at most 1,000; each page is asked for when it is needed, and the pages can be read once. */
  readonly rows: AsyncGenerator<readonly ResultRow[], void>;
}

/**
 * Opens the result of a query that has succeeded.
 *
 * @param isSelect whether the result can begin with a row of its columns' names, as a SELECT's does.
 */
export async function openResult(id: string, isSelect: boolean, context: Context): Promise<ResultReader> {
  const first = await readPage(id, undefined, context);
  const columns = (first.ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map((column) => ({
    name: column.Name ?? "",
    type: column.Type ?? "",
  }));
  const names = columns.map((column) => column.name);
  const header = isSelect && isSame(toRows(first.ResultSet?.Rows)[0], names);
  return { columns, rows: readRows(id, first, header ? 1 : 0, context) };
}

async function* readRows(
  id: string,
  first: GetQueryResultsCommandOutput,
  skip: number,
  context: Context,
): AsyncGenerator<readonly ResultRow[], void> {
  let page = first;
  let rows = toRows(page.ResultSet?.Rows).slice(skip);
  for (;;) {
    if (rows.length > 0) yield rows;
    if (page.NextToken === undefined) return;
    page = await readPage(id, page.NextToken, context);
    rows = toRows(page.ResultSet?.Rows);
  }
}

function readPage(id: string, token: string | undefined, context: Context) {
  const command = new GetQueryResultsCommand({ QueryExecutionId: id, MaxResults: 1000, NextToken: token });
  return context.clients.use(AthenaClient).send(command, { abortSignal: context.signal });
}

function toRows(rows: readonly Row[] = []): ResultRow[] {
  return rows.map((row) => (row.Data ?? []).map((datum) => datum.VarCharValue ?? null));
}

function isSame(row: ResultRow | undefined, names: readonly string[]): boolean {
  return row?.length === names.length && row.every((value, index) => value === names[index]);
}
