import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { note, type Context } from "../core/index.ts";
import { readJson, writeJson } from "./json-file.ts";
import { listProcesses } from "./processes.ts";
import { hashRequirements, type RequirementSet } from "./requirements.ts";

const stampSchema = z.object({ sets: z.array(z.enum(["lake", "spark-3.5", "spark-4", "jre"])) });
const devStampSchema = z.object({ hash: z.string() });

/** A whole Python environment in a lake's `.datalake`, installed from the present requirement files. */
export interface PythonFolder {
  readonly path: string;
  /** `3.11`. */
  readonly version: string;
  readonly sets: readonly RequirementSet[];
}

/** The path of the environment with these sets: its name has the Python's version and the requirements' hash. */
export async function pathOfSets(
  home: string,
  version: string,
  sets: readonly RequirementSet[],
): Promise<string> {
  return join(home, `python-${version}-${await hashRequirements(sets)}`);
}

/** The Python program of an environment. */
export function pythonOf(path: string): string {
  return join(path, "bin", "python");
}

/** Marks an environment as whole; the last thing that is written into it. */
export async function stampWhole(path: string, sets: readonly RequirementSet[]): Promise<void> {
  await writeJson(join(path, "environment.json"), { sets });
}

/** Marks that the present requirements of the tests are installed. */
export async function stampDev(path: string): Promise<void> {
  await writeJson(join(path, "dev.json"), { hash: await hashRequirements(["dev"]) });
}

/** Whether the present requirements of the tests are installed. */
export async function hasDev(path: string): Promise<boolean> {
  const stamp = await readJson(join(path, "dev.json"), devStampSchema);
  return stamp?.hash === (await hashRequirements(["dev"]));
}

/** The environments that can be used as they are. */
export async function listFolders(home: string): Promise<PythonFolder[]> {
  const folders = await Promise.all((await listPaths(home)).map((path) => readFolder(home, path)));
  return folders.filter((folder) => folder !== undefined);
}

/** Removes the environments of other requirements and the half-made ones, but none that a process still runs on. */
export async function removeOldFolders(home: string, context: Context): Promise<void> {
  const current = new Set((await listFolders(home)).map((folder) => folder.path));
  const old = (await listPaths(home)).filter((path) => !current.has(path));
  if (old.length === 0) return;
  const processes = await listProcesses();
  for (const path of old.filter(
    (candidate) => !processes.some(({ command }) => command.includes(candidate)),
  )) {
    await rm(path, { recursive: true, force: true });
    note(context, "info", `removed the old Python environment ${path}`);
  }
}

async function listPaths(home: string): Promise<string[]> {
  const entries = await readdir(home, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && entry.name.startsWith("python-"))
    .map((entry) => join(home, entry.name));
}

async function readFolder(home: string, path: string): Promise<PythonFolder | undefined> {
  const stamp = await readJson(join(path, "environment.json"), stampSchema);
  const [, version] = /^python-(\d+\.\d+)-/.exec(path.slice(home.length + 1)) ?? [];
  // The Python that a virtual environment was made from may have been uninstalled since.
  if (stamp === undefined || version === undefined || !existsSync(pythonOf(path))) return undefined;
  return path === (await pathOfSets(home, version, stamp.sets))
    ? { path, version, sets: stamp.sets }
    : undefined;
}
