import { basename } from "node:path";
import { listWords, runStep, type Context, type LakeError } from "../core/index.ts";
import { findingOf, type CheckResult } from "./check-result.ts";
import type { CheckRun } from "./run-checks.ts";
import { isAboutQuery } from "./query-failure.ts";
import { runQuery } from "./run-query.ts";
import { describeWrite, fillPlaceholders, findWrite } from "./sql-text.ts";

/** A SQL file whose rows are faults: it passes when it returns none. */
export interface SqlFileRequest {
  /** As the user named it, for messages. */
  readonly file: string;
  /** Its text; `-- @name` and `-- @severity error|warning` lines in it name the check and weigh it. */
  readonly sql: string;
  readonly database: string;
  /** Databases by the names of their zones, for `{raw}` and the like. */
  readonly zoneDatabases: ReadonlyMap<string, string>;
  readonly workgroup: string;
  readonly outputLocation?: string | undefined;
}

/** Rows that one page of a result holds; there can be more faults than that, and nobody needs their exact number. */
const countLimit = 999;

/** Runs a SQL file as one check. A failed check is a result, not an error; so is SQL that Athena refuses. */
export function runSqlFile(request: SqlFileRequest, context: Context): Promise<CheckRun> {
  const { file } = request;
  return runStep(context, "check", basename(file), async (step) => {
    const { result, bytesScanned } = await ask(request, step);
    const finding = findingOf(result);
    step.conclude(
      result.outcome === "passed" ? "1 check passed" : result.why,
      result.outcome === "passed" ? "done" : "failed",
    );
    return {
      contract: file,
      results: [result],
      findings: finding ? [finding] : [],
      queries: 1,
      bytesScanned,
    };
  });
}

async function ask(request: SqlFileRequest, context: Context) {
  const { file, database, workgroup, outputLocation } = request;
  const place = { file, line: 1 };
  const { sql, unknown } = fillPlaceholders(request.sql, request.zoneDatabases);
  if (unknown.length > 0) {
    return refuse(request, { message: `nothing is known that ${listWords(unknown)} could stand for` });
  }
  const verb = findWrite(sql);
  if (verb !== undefined) return refuse(request, { message: describeWrite(verb) });
  const subject = basename(file);
  try {
    const query = { sql, database, workgroup, outputLocation, source: place, subject };
    const answer = await runQuery(query, context);
    const page = await answer.rows.next();
    const rows = page.done === true ? 0 : page.value.length;
    return { result: judgeRows(request, rows), bytesScanned: answer.bytesScanned };
  } catch (error) {
    if (!isAboutQuery(error)) throw error;
    return refuse(request, error);
  }
}

/** A check that could not be run fails, whatever its severity. */
function refuse(
  request: SqlFileRequest,
  { message: why, hint: fix = "Correct the file.", place }: Pick<LakeError, "message"> & Partial<LakeError>,
) {
  const result = judge(request, { outcome: "failed", why, fix });
  return {
    result: { ...result, severity: "error", place: place ?? result.place } as const,
    bytesScanned: 0,
  };
}

function judgeRows(request: SqlFileRequest, rows: number): CheckResult {
  if (rows === 0)
    return judge(request, { outcome: "passed", why: "expected no rows, found none", fix: undefined });
  const found = rows >= countLimit ? `${countLimit} or more` : String(rows);
  const fix = `See them: datalake query ${request.file}`;
  return judge(request, { outcome: "failed", why: `expected no rows, found ${found}`, fix });
}

function judge(
  { file, sql }: SqlFileRequest,
  verdict: Pick<CheckResult, "outcome" | "why" | "fix">,
): CheckResult {
  const name = /^--\s*@name\s+(.+)$/m.exec(sql)?.[1]?.trim() ?? basename(file, ".sql");
  const isWarning = /^--\s*@severity\s+warn(ing)?\s*$/m.test(sql);
  const severity = isWarning ? "warning" : "error";
  return { table: basename(file), column: undefined, name, severity, place: { file, line: 1 }, ...verdict };
}
