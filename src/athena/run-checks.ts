import { basename } from "node:path";
import {
  countOf,
  forEachInParallel,
  runStep,
  settleAll,
  type Context,
  type StepReporter,
} from "../core/index.ts";
import type { Contract, Rule } from "../contracts/index.ts";
import type { Finding } from "../report/index.ts";
import { askMetrics, askQuery, type Asking, type RuleResults } from "./ask-table.ts";
import { findingOf, type CheckResult } from "./check-result.ts";
import { readColumns } from "./check-schema.ts";
import { planTable, type TablePlan } from "./plan-table.ts";

/** Which contract to check, and where its tables are. */
export interface CheckRequest {
  readonly contract: Contract;
  /** The Glue database with the contract's tables. */
  readonly database: string;
  /** Databases by the names of their zones, for `{raw}` and the like in SQL rules. */
  readonly zoneDatabases: ReadonlyMap<string, string>;
  readonly workgroup: string;
  /** `s3://…/`; where the workgroup says it, it is not needed. */
  readonly outputLocation?: string | undefined;
}

/** What checking a contract gave. */
export interface CheckRun {
  readonly contract: string;
  /** One for the schema of each table and one for each rule, in the order of the file. */
  readonly results: readonly CheckResult[];
  /** What did not pass, and what is not in the contract; each with file and line. */
  readonly findings: readonly Finding[];
  readonly queries: number;
  readonly bytesScanned: number;
}

/** Athena lets a workgroup run some 20 queries at a time; a contract takes a few of them. */
const width = 4;

/**
 * Checks a contract against its tables on Athena: the schema against the Glue catalog, all measures of a table in one
 * query, and each SQL rule in a query of its own, four at a time. Checks that fail are results, not errors.
 *
 * @throws LakeError only for what keeps Athena or Glue from answering at all.
 */
export function runChecks(request: CheckRequest, context: Context): Promise<CheckRun> {
  const { contract } = request;
  return runStep(context, "check", contract.name ?? basename(contract.file), async (step) => {
    const plans = await settleAll(
      contract.tables.map(async (table) => {
        const columns = await readColumns(request.database, table.physicalName, step);
        return planTable(table, columns, request);
      }),
    );
    const usage = { queries: 0, bytesScanned: 0 };
    const asking: Asking = {
      ...request,
      onQuery: ({ bytesScanned }) => {
        usage.queries += 1;
        usage.bytesScanned += bytesScanned;
      },
    };
    const answers = await askAll(plans, asking, step);
    const results = plans.flatMap((plan) => resultsOf(plan, answers));
    conclude(results, step);
    return { contract: contract.file, results, findings: findingsOf(plans, results), ...usage };
  });
}

async function askAll(
  plans: readonly TablePlan[],
  asking: Asking,
  step: StepReporter,
): Promise<ReadonlyMap<Rule, CheckResult>> {
  const tasks = plans.flatMap((plan) => [
    ...(plan.metrics.length > 0 ? [() => askMetrics(plan, asking, step)] : []),
    ...plan.queries.map((query) => () => askQuery(plan, query, asking, step)),
  ]);
  const answers = new Map<Rule, CheckResult>();
  let done = 0;
  await forEachInParallel(tasks, width, async (task) => {
    const results: RuleResults = await task();
    for (const [rule, result] of results) answers.set(rule, result);
    done += 1;
    step.progress("checking", { done, total: tasks.length });
  });
  return answers;
}

function resultsOf(plan: TablePlan, answers: ReadonlyMap<Rule, CheckResult>): CheckResult[] {
  const ofRules = plan.table.rules.map((rule) => answers.get(rule) ?? plan.settled.get(rule));
  return [plan.schema.result, ...ofRules.filter((result) => result !== undefined)];
}

function findingsOf(plans: readonly TablePlan[], results: readonly CheckResult[]): Finding[] {
  const schemas = new Set(plans.map((plan) => plan.schema.result));
  const ofRules = results.filter((result) => !schemas.has(result)).map(findingOf);
  return [...plans.flatMap((plan) => plan.schema.findings), ...ofRules.filter((one) => one !== undefined)];
}

function conclude(results: readonly CheckResult[], step: StepReporter): void {
  const count = (outcome: CheckResult["outcome"]) => results.filter((one) => one.outcome === outcome).length;
  const failed = count("failed");
  const rest = count("not run") === 0 ? "" : `, ${count("not run")} not run`;
  if (failed === 0) step.conclude(`${countOf(count("passed"), "check")} passed${rest}`);
  else step.conclude(`${failed} of ${countOf(results.length, "check")} failed${rest}`, "failed");
}
