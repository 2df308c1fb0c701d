/** Set-up from nothing in a clean clone: seconds and megabytes. `node bench/setup.ts` (needs the registries). */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { measure } from "./bed.ts";

const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), "datalake-setup-"));
try {
  await run("git", ["clone", "--quiet", fileURLToPath(new URL("..", import.meta.url)), folder]);
  const setUp = 'import("./scripts/setup.js").then(({ setUp }) => setUp())';
  const packages = await measure(process.execPath, ["--eval", setUp], folder);
  const lake = await measure(process.execPath, ["cli/datalake.js", "local", "start"], folder);
  const sizeOf = async (path: string) =>
    Number((await run("du", ["-sm", path], { cwd: folder })).stdout.split("\t")[0]);
  console.table({
    "Node packages, s": packages.seconds.toFixed(0),
    "Node packages, MB": await sizeOf("node_modules"),
    "Python environment and start of the local lake, s": lake.seconds.toFixed(0),
    "Python environment, MB": await sizeOf(".datalake"),
  });
} finally {
  await run(process.execPath, [join(folder, "cli/datalake.js"), "local", "stop"], { cwd: folder }).catch(
    () => undefined,
  );
  await rm(folder, { recursive: true, force: true });
}
