import { runChecks, type CheckRun } from "../athena/index.ts";
import { LakeError, listWords } from "../core/index.ts";
import { loadContracts, type Contract } from "../contracts/index.ts";
import { databasesOf } from "../lake/index.ts";
import { table } from "../report/index.ts";
import type { RunStep } from "./step.ts";

/** Runs the checks of contract files, or of folders of them; findings tell what did not pass. */
export const runContracts: RunStep<{ readonly paths: readonly string[] }> = async (
  { paths },
  { environment, bindings },
  context,
) => {
  const loaded = await Promise.all(paths.map((path) => loadContracts(path, environment.lake.directory)));
  const zoneDatabases = databasesOf(bindings);
  const { workgroup, results: outputLocation } = bindings;
  const reports: CheckRun[] = [];
  // One contract after the other: each runs as many queries at once as Athena's usual limits leave room for.
  for (const contract of loaded.flat()) {
    const database = databaseOf(contract, zoneDatabases);
    reports.push(await runChecks({ contract, database, zoneDatabases, workgroup, outputLocation }, context));
  }
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
