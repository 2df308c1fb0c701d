import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the Python package `local_lake`. */
export const packageFolder = findPackage(dirname(fileURLToPath(import.meta.url)));

/** Looks upwards, because this code runs from the source tree and from a bundle in `dist/`, at different depths. */
function findPackage(from: string): string {
  const folder = join(from, "local-lake");
  if (existsSync(join(folder, "pyproject.toml")) || from === dirname(from)) return folder;
  return findPackage(dirname(from));
}

/** The folder in a lake's directory that holds all that is made on this machine. */
export function homeOf(directory: string): string {
  return resolve(directory, ".datalake");
}

/** Makes the home, which git ignores by a file of its own, whatever the lake's `.gitignore` says. */
export async function makeHome(directory: string): Promise<string> {
  const home = homeOf(directory);
  await mkdir(home, { recursive: true });
  await writeFile(join(home, ".gitignore"), "*\n");
  return home;
}
