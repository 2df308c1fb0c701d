import { LakeError, type Context } from "../core/index.ts";
import type { Measure, Rule } from "../contracts/index.ts";
import { couldNotRun, judgeMetric, judgeValue, type CheckResult } from "./check-result.ts";
import type { MetricCheck, SqlCheck, TablePlan } from "./plan-table.ts";
import type { ResultRow } from "./read-rows.ts";
import { isAboutQuery } from "./query-failure.ts";
import { runQuery, type QueryRequest, type QueryResult } from "./run-query.ts";
import { quoteIdentifier, quoteTable } from "./sql-text.ts";

/** How to reach Athena, and who hears of every query that was run. */
export interface Asking {
  readonly database: string;
  readonly workgroup: string;
  readonly outputLocation?: string | undefined;
  readonly onQuery: (query: QueryResult) => void;
}

/** The results of some rules. */
export type RuleResults = readonly (readonly [Rule, CheckResult])[];

/**
 * Takes all measures of a table in one query, so that the table is read once. If Athena refuses it, each measure is
 * asked for apart, so that one bad rule does not hide the others.
 */
export async function askMetrics(plan: TablePlan, asking: Asking, context: Context): Promise<RuleResults> {
  const answer = await tryMetrics(plan, plan.metrics, asking, context);
  if (!(answer instanceof LakeError)) return answer;
  if (plan.metrics.length === 1) return refused(plan, plan.metrics, answer);
  const results: (readonly [Rule, CheckResult])[] = [];
  for (const check of plan.metrics) {
    const own = await tryMetrics(plan, [check], asking, context);
    results.push(...(own instanceof LakeError ? refused(plan, [check], own) : own));
  }
  return results;
}

/** Runs the query of one SQL rule. */
export async function askQuery(
  plan: TablePlan,
  { rule, rendered }: SqlCheck,
  asking: Asking,
  context: Context,
): Promise<RuleResults> {
  const table = plan.table.physicalName;
  const { sql, source } = rendered;
  const rows = await ask({ ...asking, sql, source, subject: `${table}: ${rule.name}` }, asking, context);
  if (rows instanceof LakeError) return [[rule, couldNotRun(table, rule, rows)]];
  const [row, ...others] = rows;
  if (row === undefined || others.length > 0 || row.length !== 1) {
    const shape = `${rows.length} rows of ${row?.length ?? 0} columns`;
    const why = `expected the query to return one value, found ${shape}`;
    return [[rule, couldNotRun(table, rule, { message: why })]];
  }
  return [[rule, judgeValue(table, rule, row[0] ?? null, sql)]];
}

async function tryMetrics(
  { table }: TablePlan,
  checks: readonly MetricCheck[],
  asking: Asking,
  context: Context,
): Promise<RuleResults | LakeError> {
  const from = `from ${quoteTable(asking.database, table.physicalName)}`;
  const counts = [...new Set(checks.map((check) => check.sql.count))];
  const columns = ["count(*)", ...counts].map((count, index) => `${count} as m${index}`);
  const sql = `select\n  ${columns.join(",\n  ")}\n${from}`;
  const rows = await ask({ ...asking, sql, subject: table.physicalName }, asking, context);
  if (rows instanceof LakeError) return rows;
  const values = (rows[0] ?? []).map(Number);
  return checks.map(({ rule, sql: { count, show } }) => {
    const measured = {
      count: values[counts.indexOf(count) + 1] ?? Number.NaN,
      rows: values[0] ?? Number.NaN,
      show: show === undefined ? undefined : showSql(rule.measure, from, show),
    };
    return [rule, judgeMetric(table.physicalName, rule, measured)] as const;
  });
}

/** A query that shows some of the rows, or of the repeated values, that a measure counted. */
function showSql(measure: Measure, from: string, show: string): string {
  const shown =
    measure.metric === "duplicateValues"
      ? `${measure.columns.map(quoteIdentifier).join(", ")}, count(*)`
      : "*";
  return `select ${shown} ${from} ${show} limit 20`;
}

/** The first rows of a query's result, or the error of a query that Athena refused. */
async function ask(
  request: QueryRequest,
  { onQuery }: Asking,
  context: Context,
): Promise<readonly ResultRow[] | LakeError> {
  try {
    const result = await runQuery(request, context);
    onQuery(result);
    const page = await result.rows.next();
    return page.done === true ? [] : page.value;
  } catch (error) {
    if (isAboutQuery(error)) return error;
    throw error;
  }
}

function refused({ table }: TablePlan, checks: readonly MetricCheck[], error: LakeError): RuleResults {
  return checks.map(({ rule }) => [rule, couldNotRun(table.physicalName, rule, error)]);
}
