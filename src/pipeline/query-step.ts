import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { countOf, formatBytes, formatDuration, LakeError, runStep, type Context } from "../core/index.ts";
import { costOfScan, runQuery } from "../athena/index.ts";
import { databasesOf, fillZones } from "../lake/index.ts";
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

/** An answer as texts; NULL is undefined. */
export interface Answer extends StepResult {
  readonly summary: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | undefined)[])[];
}

/** Runs SQL on Athena; `{raw}` and the like stand for the zones' databases. */
export async function runQuestion(
  settings: QuestionSettings,
  { bindings }: Place,
  context: Context,
): Promise<Answer> {
  return runStep(context, "query", settings.title ?? settings.file ?? "SQL", async (step) => {
    const answer = await runQuery(
      {
        sql: fillZones(settings.sql, databasesOf(bindings)),
        file: settings.file,
        database: [...bindings.zones.values()].find((zone) => zone.database !== undefined)?.database,
        workgroup: bindings.workgroup,
        outputLocation: bindings.results,
      },
      step,
    );
    const rows: (string | undefined)[][] = [];
    for await (const page of answer.rows) {
      rows.push(...page.slice(0, settings.limit - rows.length));
      if (rows.length >= settings.limit) break;
    }
    const dollars = costOfScan(answer.bytesScanned, context.clients.region);
    const cost = `${formatBytes(answer.bytesScanned)} scanned, $${dollars.toFixed(6)}, ${formatDuration(answer.milliseconds)}`;
    const summary = `${countOf(rows.length, "row")}, ${cost}`;
    step.conclude(summary);
    const columns = answer.columns.map((column) => column.name);
    const data = {
      columns: answer.columns,
      rows,
      bytesScanned: answer.bytesScanned,
      dollars,
      queryId: answer.id,
    };
    return { sections: [showAnswer(settings, columns, rows)], findings: [], data, summary, columns, rows };
  });
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
