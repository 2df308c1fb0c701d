import type { ContractTable, MetricRule, Rule, SqlRule } from "../contracts/index.ts";
import { couldNotRun, notRun, type CheckResult } from "./check-result.ts";
import { checkSchema, type CatalogColumns, type SchemaCheck } from "./check-schema.ts";
import { measureSql, type MeasureSql } from "./measure-sql.ts";
import { renderSqlRule, type RenderedSql } from "./render-sql-rule.ts";

/** A rule that counts rows, with its SQL. */
export interface MetricCheck {
  readonly rule: MetricRule;
  readonly sql: MeasureSql;
}

/** A rule with a query of its own, ready to be sent. */
export interface SqlCheck {
  readonly rule: SqlRule;
  readonly rendered: RenderedSql;
}

/** What is to be asked about one table, and what is known without asking. */
export interface TablePlan {
  readonly table: ContractTable;
  readonly schema: SchemaCheck;
  readonly metrics: readonly MetricCheck[];
  readonly queries: readonly SqlCheck[];
  /** Results of the rules that are not sent to Athena. */
  readonly settled: ReadonlyMap<Rule, CheckResult>;
}

/** Where a table is, and what placeholders stand for. */
export interface TableScope {
  readonly database: string;
  readonly zoneDatabases: ReadonlyMap<string, string>;
}

/** Plans the checks of one table. Rules that need a column the catalog does not have are not sent: they could only fail. */
export function planTable(
  table: ContractTable,
  columns: CatalogColumns | undefined,
  { database, zoneDatabases }: TableScope,
): TablePlan {
  const metrics: MetricCheck[] = [];
  const queries: SqlCheck[] = [];
  const settled = new Map<Rule, CheckResult>();
  const missing = missingColumns(table, columns);
  const settle = (rule: Rule, reason: string) => settled.set(rule, notRun(table.physicalName, rule, reason));
  for (const rule of table.rules) {
    const needed = missing.find((name) => isAbout(rule, name));
    if (rule.kind === "unsupported") settle(rule, rule.reason);
    else if (columns === undefined) settle(rule, `the table ${table.physicalName} is missing`);
    else if (needed !== undefined) settle(rule, `the column ${needed} is missing`);
    else if (rule.kind === "metric") {
      const sql = measureSql(rule.measure, columns.get(rule.column?.toLowerCase() ?? ""));
      if (typeof sql === "string") settle(rule, sql);
      else metrics.push({ rule, sql });
    } else {
      const rendered = renderSqlRule(rule, { table: table.physicalName, column: rule.column, zoneDatabases });
      if (typeof rendered !== "string") queries.push({ rule, rendered });
      else settled.set(rule, couldNotRun(table.physicalName, rule, { message: rendered }));
    }
  }
  return { table, schema: checkSchema(table, columns, database), metrics, queries, settled };
}

function missingColumns(table: ContractTable, columns: CatalogColumns | undefined): string[] {
  const names = table.columns.map((column) => column.physicalName);
  return columns === undefined ? [] : names.filter((name) => !columns.has(name.toLowerCase()));
}

/** Whether a rule reads a column; a query does if it has its name as a word. */
function isAbout(rule: Rule, column: string): boolean {
  if (rule.column === column) return true;
  if (rule.kind === "metric") {
    return rule.measure.metric === "duplicateValues" && rule.measure.columns.includes(column);
  }
  if (rule.kind !== "sql") return false;
  const words: readonly string[] = rule.query.toLowerCase().match(/\w+/g) ?? [];
  return words.includes(column.toLowerCase());
}
