import { runChecks, type CheckRun } from "../athena/index.ts";
import { forEachInParallel, LakeError, listWords } from "../core/index.ts";
import { loadContracts, type Contract } from "../contracts/index.ts";
import { databasesOf } from "../lake/index.ts";
import { table } from "../report/index.ts";
import type { RunStep } from "./step.ts";

/** Athena lets a workgroup run some 20 queries at a time, and each contract takes up to four of them. */
const width = 4;

/** Runs the checks of contract files, or of folders of them; findings tell what did not pass. */
export const runContracts: RunStep<{ readonly paths: readonly string[] }> = async (
  { paths },
  { environment, bindings },
  context,
) => {
  const loaded = await Promise.all(paths.map((path) => loadContracts(path, environment.lake.directory)));
  const zoneDatabases = databasesOf(bindings);
  const { workgroup, results: outputLocation } = bindings;
  const requests = loaded.flat().map((contract) => {
    const database = databaseOf(contract, zoneDatabases);
    return { contract, database, zoneDatabases, workgroup, outputLocation };
  });
  const reports: CheckRun[] = [];
  await forEachInParallel(requests.entries(), width, async ([place, request]) => {
    reports[place] = await runChecks(request, context);
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
        hint: "Run `datalake deploy` first.",
      })
    : new LakeError("invalid-contract", `contract ${contract.id} does not tell its zone`, {
        hint: `Put it into a folder named after a zone: ${listWords(zones, "or")}.`,
        place: { file: contract.file },
      });
}
