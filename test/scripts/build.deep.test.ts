import { execFileSync } from "node:child_process";
import { cp, link, mkdir, mkdtemp, readdir, readFile, rm, symlink, readlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { listTree } from "../../scripts/release-tree.ts";
import { actionsFolder } from "../support/built-actions.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("a build in another folder makes the same bytes", async () => {
  // On the same file system, where packages need no copy; and deeper, so that no path is as long as before.
  const checkout = await mkdtemp(join(root, ".datalake", "another-checkout-"));
  try {
    for (const part of [
      "src",
      "actions",
      "scripts",
      "package.json",
      "tsconfig.json",
      "tsconfig.build.json",
    ]) {
      await cp(join(root, part), join(checkout, part), { recursive: true });
    }
    await linkTree(join(root, "node_modules"), join(checkout, "node_modules"));
    execFileSync(process.execPath, [join(checkout, "scripts", "build.ts")], { cwd: "/" });
    const [first, second] = await Promise.all([readTree(actionsFolder), readTree(join(checkout, "dist"))]);
    expect([...second.keys()]).toEqual([...first.keys()]);
    for (const [path, text] of first) expect(second.get(path) === text, path).toBe(true);
  } finally {
    await rm(checkout, { recursive: true, force: true });
  }
}, 300_000);

async function readTree(folder: string): Promise<Map<string, string>> {
  const files = await listTree(folder);
  return new Map(
    await Promise.all(
      files.map(async ({ path }) => [path, await readFile(join(folder, path), "utf8")] as const),
    ),
  );
}

/** Copies a folder by hard links, as symbolic ones are resolved to where they lead. */
async function linkTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else await link(source, target);
  }
}
