import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { LakeError, countOf, messageOf, type Mistake } from "../core/index.ts";
import type { Contract } from "./contract.ts";
import { parseContractSource } from "./contract-source.ts";
import { readContract } from "./read-contract.ts";

/**
 * Loads a contract file, or every `.yaml`, `.yml` and `.json` file in a folder and the folders below it, in the order
 * of their names.
 *
 * The standard is the Open Data Contract Standard 3.1 (https://bitol-io.github.io/open-data-contract-standard/).
 *
 * @param directory what `path`, and the files' names in messages, are relative to.
 * @throws LakeError `invalid-contract` with the mistakes of all files at once, each with file and line; also when
 *   there is nothing at `path`.
 */
export async function loadContracts(path: string, directory = ""): Promise<Contract[]> {
  const files = await findFiles(path, directory);
  return readFiles(files, (file) => (directory === "" ? file : relative(directory, file)));
}

async function readFiles(files: readonly string[], nameOf: (file: string) => string): Promise<Contract[]> {
  const contracts: Contract[] = [];
  const mistakes: Mistake[] = [];
  for (const file of files) {
    const read = readContract(parseContractSource(nameOf(file), await readFile(file, "utf8")));
    if ("contract" in read) contracts.push(read.contract);
    else mistakes.push(...read.mistakes);
  }
  if (mistakes.length > 0) throw invalid(mistakes);
  return contracts;
}

async function findFiles(name: string, directory: string): Promise<string[]> {
  const path = join(directory, name);
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const entries = await readdir(path, { withFileTypes: true, recursive: true });
    const files = entries
      .filter((entry) => entry.isFile() && /\.(ya?ml|json)$/i.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    if (files.length > 0) return files;
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const why = isMissing ? "there is no such file or folder" : messageOf(error);
    throw new LakeError("invalid-contract", `contracts could not be read from ${name}: ${why}`, {
      hint: "Contracts are looked for beside the lake file; in a workflow, check the repository out first.",
      cause: error,
    });
  }
  throw new LakeError("invalid-contract", `there is no contract in ${name}`, {
    hint: "Put a contract there: a .yaml file of the Open Data Contract Standard 3.1, one a table.",
  });
}

function invalid(mistakes: readonly Mistake[]): LakeError {
  const [only] = mistakes;
  if (mistakes.length === 1 && only) {
    return new LakeError("invalid-contract", only.message, { place: only.place, mistakes });
  }
  const message = `the contracts have ${countOf(mistakes.length, "mistake")}`;
  return new LakeError("invalid-contract", message, { mistakes, place: only?.place });
}
