import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { countOf, formatBytes, formatDuration, LakeError, type Context } from "../core/index.ts";
import { fillPlaceholders, priceQuery, runQuery, type ResultRow } from "../athena/index.ts";
import { databasesOf } from "../lake/index.ts";
import { table, type Section } from "../report/index.ts";
import type { Place, StepResult } from "./step.ts";

/** What to ask, and how to show the answer. */
export interface QuestionSettings {
  readonly sql: string;
  /** The file that the SQL is from, for messages. */
  readonly file?: string | undefined;
  readonly title?: string | undefined;
  /** Columns for a bar chart. */
  readonly chart?: { readonly label: string; readonly value: string } | undefined;
  /** Most rows to keep. */
  readonly limit: number;
}

/** An answer as texts; NULL is null. */
export interface Answer extends StepResult {
  readonly summary: string;
  readonly columns: readonly string[];
  readonly rows: readonly ResultRow[];
}

/** Runs SQL on Athena; `{raw}` and the like stand for the zones' databases. */
export async function runQuestion(
  settings: QuestionSettings,
  { bindings }: Place,
  context: Context,
): Promise<Answer> {
  const { sql, file, title = file ?? "SQL", limit } = settings;
  const databases = databasesOf(bindings);
  const [database] = databases.values();
  if (database === undefined) {
    throw new LakeError("layer-not-deployed", "no zone has a Glue database yet", {
      hint: "Run `datalake deploy` first.",
    });
  }
  const { workgroup, results: outputLocation } = bindings;
  const source = file === undefined ? undefined : { file, line: 1 };
  const request = {
    sql: fillPlaceholders(sql, databases).sql,
    database,
    workgroup,
    outputLocation,
    source,
    subject: title,
  };
  const answer = await runQuery(request, context);
  const rows: ResultRow[] = [];
  for await (const page of answer.rows) {
    rows.push(...page.slice(0, limit - rows.length));
    if (rows.length >= limit) break;
  }
  const { id, bytesScanned, milliseconds, statement } = answer;
  const dollars = priceQuery(bytesScanned, context.clients.region, statement);
  const price = dollars === undefined ? "price not known here" : `$${dollars.toFixed(6)}`;
  const summary = `${countOf(rows.length, "row")}, ${formatBytes(bytesScanned)} scanned, ${price}, ${formatDuration(milliseconds)}`;
  const columns = answer.columns.map((column) => column.name);
  const data = { columns: answer.columns, rows, bytesScanned, dollars, queryId: id };
  return { sections: [showAnswer(settings, columns, rows)], findings: [], data, summary, columns, rows };
}

function showAnswer(
  { title = "", chart }: QuestionSettings,
  columns: readonly string[],
  rows: Answer["rows"],
): Section {
  if (!chart)
    return table(
      title,
      columns,
      rows.map((row) => row.map((cell) => cell ?? "NULL")),
    );
  const [label, value] = [columns.indexOf(chart.label), columns.indexOf(chart.value)];
  if (label < 0 || value < 0) {
    throw new LakeError(
      "invalid-lake",
      `the answer has no column ${label < 0 ? chart.label : chart.value} to chart`,
    );
  }
  const points = rows.map((row) => ({
    label: row[label] ?? "",
    value: Number(row[value] ?? 0),
    text: row
      .filter((_, at) => at !== label)
      .map((cell) => cell ?? "")
      .join("  "),
  }));
  return { kind: "chart", title, points };
}

/**
 * Reads a SQL file of the lake.
 *
 * @throws LakeError `invalid-input` where it cannot be read.
 */
export async function readSqlFile(directory: string, file: string): Promise<string> {
  try {
    return await readFile(join(directory, file), "utf8");
  } catch (cause) {
    throw new LakeError("invalid-input", `the SQL file ${file} cannot be read`, { cause });
  }
}
