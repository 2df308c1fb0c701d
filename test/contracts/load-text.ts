import { join } from "node:path";
import { loadContracts, type Contract } from "../../src/contracts/index.ts";
import { makeFolder } from "../support/temporary-lake.ts";

/** What a contract begins with, six lines. */
export const head = `apiVersion: v3.1.0
kind: DataContract
id: orders
name: Orders
version: 1.0.0
status: active
`;

/** Loads one contract from its text; the text's first line is line 1. */
export async function load(text: string): Promise<Contract> {
  await using folder = await makeFolder({ "orders.yaml": text });
  const [contract] = await loadContracts(join(folder.path, "orders.yaml"));
  if (!contract) throw new Error("no contract");
  return contract;
}
