import { formatCount, type LakeError, type Place } from "../core/index.ts";
import { describeCondition, describeValue, holds } from "../contracts/index.ts";
import type { Measure, MetricRule, Rule, Scalar, Severity, SqlRule } from "../contracts/index.ts";
import type { Finding } from "../report/index.ts";

/** How one check ended. */
export interface CheckResult {
  readonly table: string;
  readonly column: string | undefined;
  readonly name: string;
  readonly severity: Severity;
  readonly outcome: "passed" | "failed" | "not run";
  /** What was expected and what was found, as one sentence; for a check that is not run, why. */
  readonly why: string;
  /** What to do next, for a check that did not pass. */
  readonly fix: string | undefined;
  readonly place: Place;
}

/** A finding of every check that did not pass; those that were not run are informations. */
export function findingOf(result: CheckResult): Finding | undefined {
  const { table: subject, name: title, why, fix, place, outcome } = result;
  if (outcome === "passed") return undefined;
  const severity = outcome === "failed" ? result.severity : "info";
  return { severity, title, subject, why, place: { ...place }, ...(fix === undefined ? {} : { fix }) };
}

/** The result of a rule that is not run. */
export function notRun(table: string, rule: Rule, reason: string): CheckResult {
  return { ...base(table, rule), outcome: "not run", why: `not run: ${reason}`, fix: undefined };
}

/** The result of a rule whose query Athena refused. */
export function couldNotRun(
  table: string,
  rule: Rule,
  {
    message,
    place = rule.place,
    hint: fix = "Correct the rule.",
  }: Pick<LakeError, "message"> & Partial<LakeError>,
): CheckResult {
  return { ...base(table, rule), outcome: "failed", why: message, fix, severity: "error", place };
}

/** Judges a count of rows. `show` is a query that shows rows that were counted. */
export function judgeMetric(
  table: string,
  rule: MetricRule,
  { count, rows, show }: { readonly count: number; readonly rows: number; readonly show: string | undefined },
): CheckResult {
  const share = rows === 0 ? 0 : (100 * count) / rows;
  const passed = holds(rule.condition, rule.unit === "percent" ? share : count);
  const what = describeMeasure(rule.measure, rule.column);
  const expected = describeCondition(rule.condition);
  const of = rule.measure.metric === "rowCount" ? "" : ` of ${formatCount(rows)} rows`;
  const why =
    rule.unit === "percent"
      ? `expected ${expected} % ${what}, found ${formatShare(share)} % (${formatCount(count)}${of})`
      : `expected ${expected} ${what}, found ${formatCount(count)}${of}`;
  if (passed) return { ...base(table, rule), outcome: "passed", why, fix: undefined };
  const fix = show === undefined ? "Look at what the last load wrote." : `See the rows: ${show}`;
  return { ...base(table, rule), outcome: "failed", why, fix };
}

/** Judges the value that a rule's query returned. */
export function judgeValue(table: string, rule: SqlRule, value: Scalar, sql: string): CheckResult {
  const passed = holds(rule.condition, value);
  const seen = typeof value === "string" && /^-?\d+$/.test(value) ? describeValue(Number(value)) : value;
  const why = `expected ${describeCondition(rule.condition)}, found ${seen ?? "null"}`;
  if (passed) return { ...base(table, rule), outcome: "passed", why, fix: undefined };
  return { ...base(table, rule), outcome: "failed", why, fix: `The query: ${sql.trim()}` };
}

function base(table: string, { column, name, severity, place }: Rule) {
  return { table, column, name, severity, place };
}

function describeMeasure(measure: Measure, column: string | undefined): string {
  switch (measure.metric) {
    case "rowCount":
      return "rows";
    case "nullValues":
      return `null values in ${column ?? "the table"}`;
    case "missingValues":
      return `missing values in ${column ?? "the table"}`;
    case "invalidValues":
      return `invalid values in ${column ?? "the table"}`;
    case "duplicateValues":
      return `duplicate values of ${measure.columns.join(", ")}`;
  }
}

/** At most three decimals, and never 0 for what is more than nothing. */
function formatShare(share: number): string {
  return share > 0 && share < 0.001 ? "less than 0.001" : String(Number(share.toFixed(3)));
}
