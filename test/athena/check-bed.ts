import { join } from "node:path";
import { runChecks, type CheckRun } from "../../src/athena/index.ts";
import { loadContracts } from "../../src/contracts/index.ts";
import type { Context } from "../../src/core/index.ts";
import { makeFolder } from "../support/temporary-lake.ts";
import type { AthenaBed } from "./athena-bed.ts";

/** Checks a contract of this schema (a list of tables), in YAML or as data, against a bed's database. */
export async function checkSchemaText(
  schema: string | readonly object[],
  bed: AthenaBed,
  context: Context,
): Promise<CheckRun> {
  const head = ["apiVersion: v3.1.0", "kind: DataContract", "id: orders", 'version: "1"', "status: active"];
  const body = typeof schema === "string" ? `schema:\n${schema}` : `schema: ${JSON.stringify(schema)}`;
  await using folder = await makeFolder({ "orders.yaml": `${head.join("\n")}\n${body}` });
  const [contract] = await loadContracts(join(folder.path, "orders.yaml"));
  if (!contract) throw new Error("no contract");
  const zoneDatabases = new Map([["raw", bed.database]]);
  return await runChecks({ ...bed, contract, zoneDatabases }, context);
}
