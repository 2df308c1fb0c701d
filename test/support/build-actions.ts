import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { buildActions, distFolder } from "../../scripts/build.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder with a program for each action, `<action>.js`. */
    actionsFolder: string;
  }
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Builds the actions for a run of vitest, unless they are younger than everything they are built from. */
export default async function buildForRun(project: TestProject): Promise<void> {
  const built = await timeOf(join(distFolder, "index.js"));
  if (built === undefined || (await newestSource()) > built) await buildActions();
  project.provide("actionsFolder", distFolder);
}

async function newestSource(): Promise<number> {
  const folders = ["src", "actions"].map((folder) => join(root, folder));
  const entries = await Promise.all(
    folders.map((folder) => readdir(folder, { recursive: true, withFileTypes: true })),
  );
  const files = entries.flat().map((entry) => join(entry.parentPath, entry.name));
  const more = ["package-lock.json", "tsconfig.build.json", "scripts/build.ts"].map((file) =>
    join(root, file),
  );
  const times = await Promise.all([...files, ...more].map(timeOf));
  return Math.max(...times.map((time) => time ?? 0));
}

/** When a file was last written; undefined where there is none. */
async function timeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.mtimeMs;
}
