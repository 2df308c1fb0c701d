import { runChecks, runSqlFile, type CheckRun } from "../athena/index.ts";
import { forEachInParallel, LakeError, listWords, type Context } from "../core/index.ts";
import { loadContracts, type Contract } from "../contracts/index.ts";
import { databasesOf } from "../lake/index.ts";
import { table } from "../report/index.ts";
import { readSqlFile } from "./query-step.ts";
import type { Place, RunStep } from "./step.ts";

/** What to check. */
export interface CheckSettings {
  /** Contract files, or folders of them. */
  readonly paths: readonly string[];
  /** SQL files that pass when they return no rows. */
  readonly sql?: readonly string[] | undefined;
  /** The Glue database of all of it; default: that of the zone that a contract's folder names. */
  readonly database?: string | undefined;
}

/** What the checks found. */
export interface CheckData extends Readonly<Record<string, unknown>> {
  /** One for each contract and each SQL file. */
  readonly contracts: readonly CheckRun[];
}

/** Athena lets a workgroup run some 20 queries at a time, and each contract takes up to four of them. */
const width = 4;

/** Runs the checks of contracts and SQL files; findings tell what did not pass. */
export const runContracts: RunStep<CheckSettings, CheckData> = async (settings, place, context) => {
  const tasks = [...(await contractTasks(settings, place)), ...(await sqlTasks(settings, place))];
  const reports: CheckRun[] = [];
  await forEachInParallel(tasks.entries(), width, async ([at, task]) => {
    reports[at] = await task(context);
  });
  const rows = reports.map(({ contract, results }) => {
    const count = (outcome: string) => String(results.filter((check) => check.outcome === outcome).length);
    return [contract, count("passed"), count("failed"), count("not run")];
  });
  const section = table("Checks", ["contract", ">passed", ">failed", ">not run"], rows);
  return {
    sections: [section],
    findings: reports.flatMap((report) => report.findings),
    data: { contracts: reports },
  };
};

type Task = (context: Context) => Promise<CheckRun>;

async function contractTasks(
  { paths, database }: CheckSettings,
  { environment, bindings }: Place,
): Promise<Task[]> {
  const loaded = await Promise.all(paths.map((path) => loadContracts(path, environment.lake.directory)));
  const zoneDatabases = databasesOf(bindings);
  const { workgroup, results: outputLocation } = bindings;
  return loaded.flat().map((contract) => {
    const own = database ?? databaseOf(contract, zoneDatabases);
    return (context) =>
      runChecks({ contract, database: own, zoneDatabases, workgroup, outputLocation }, context);
  });
}

async function sqlTasks(
  { sql: files = [], database }: CheckSettings,
  { environment, bindings }: Place,
): Promise<Task[]> {
  const zoneDatabases = databasesOf(bindings);
  const { workgroup, results: outputLocation } = bindings;
  const [first] = zoneDatabases.values();
  return Promise.all(
    files.map(async (file) => {
      const sql = await readSqlFile(environment.lake.directory, file);
      const own = database ?? first ?? "default";
      const request = { file, sql, database: own, zoneDatabases, workgroup, outputLocation };
      return (context: Context) => runSqlFile(request, context);
    }),
  );
}

/**
 * The Glue database with a contract's tables: that of the zone whose name is a folder of the contract's path
 * (`contracts/clean/orders.yaml`), else the only one there is.
 */
function databaseOf(contract: Contract, databases: ReadonlyMap<string, string>): string {
  const zone = contract.file.split(/[\\/]/).findLast((folder) => databases.has(folder));
  const [only] = databases.size === 1 ? databases.values() : [];
  const database = (zone === undefined ? undefined : databases.get(zone)) ?? only;
  if (database !== undefined) return database;
  const zones = [...databases.keys()];
  throw zones.length === 0
    ? new LakeError("layer-not-deployed", "no zone has a Glue database yet", {
        hint: "Run `datalake deploy` first, or name one by the input `database`.",
      })
    : new LakeError("invalid-contract", `contract ${contract.id} does not tell its zone`, {
        hint: `Put it into a folder named after a zone: ${listWords(zones, "or")}.`,
        place: { file: contract.file },
      });
}
