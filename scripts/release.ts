/**
 * Makes the tree that a release's tag holds: `node scripts/release.ts --dry-run [--out FOLDER] [--commit REPOSITORY]`.
 * Builds the actions, copies the tree to FOLDER (default: `.datalake/release`, made anew) and lists it; with `--commit`
 * also commits it to a clone, on no branch, and prints the sha.
 */
import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildActions } from "./build.ts";
import { commitTree, makeReleaseTree, type TreeFile } from "./release-tree.ts";

const usual = fileURLToPath(new URL("../.datalake/release", import.meta.url));

function listing(files: readonly TreeFile[]): string {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const rows = [...files, { path: `${files.length} files in all`, bytes: total }];
  return rows.map(({ path, bytes }) => `${bytes.toLocaleString("en").padStart(12)}  ${path}\n`).join("");
}

async function release(): Promise<void> {
  const { values } = parseArgs({
    options: { "dry-run": { type: "boolean" }, out: { type: "string" }, commit: { type: "string" } },
  });
  if (values["dry-run"] !== true) {
    throw new Error("publishing is not built yet: --dry-run makes the tree and publishes nothing");
  }
  await buildActions();
  if (values.out === undefined) await rm(usual, { recursive: true, force: true });
  const folder = resolve(values.out ?? usual);
  process.stdout.write(listing(await makeReleaseTree(folder)));
  if (values.commit !== undefined) console.log(await commitTree(folder, values.commit));
}

try {
  await release();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
