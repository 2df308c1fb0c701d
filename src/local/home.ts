import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the Python package `local_lake`, beside this source tree. */
export const packageFolder = fileURLToPath(new URL("../../local-lake/", import.meta.url));

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
