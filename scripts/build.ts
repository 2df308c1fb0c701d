/**
 * Builds the actions' programs into `dist/`: `node scripts/build.ts`. The same sources make the same bytes, in whatever
 * folder they are, so anyone can build a release's commit again and compare.
 */
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listActions } from "../actions/catalog.ts";
import { runCommand } from "./run-command.js";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What is built; relative to the checkout, as it is what `main:` in each action.yml leads to. */
export const distFolder = join(root, "dist");

/**
 * Compiles the sources to `build/` and bundles them with their packages to `dist/`: a program an action, the parts they
 * share in chunks that are loaded when needed, and the licences of every package in it.
 *
 * @throws Error with the tool's output when one fails.
 */
export async function buildActions(): Promise<void> {
  await Promise.all([remove("build"), remove("dist")]);
  await runTool("typescript/bin/tsc", "--project", "tsconfig.build.json");
  await runTool(
    "@vercel/ncc/dist/ncc/cli.js",
    "build",
    "build/actions/dispatch.js",
    "--out=dist",
    "--license=licenses.txt",
    "--target=es2024",
    // Its cache is in a folder that all checkouts of the machine share.
    "--no-cache",
    "--quiet",
  );
  for (const { action } of await listActions()) {
    await writeFile(join(distFolder, `${action.name}.js`), renderProgram(action.name));
  }
}

function renderProgram(name: string): string {
  return `import { dispatch } from "./index.js";\nawait dispatch("${name}");\n`;
}

function remove(folder: string): Promise<void> {
  return rm(join(root, folder), { recursive: true, force: true });
}

async function runTool(tool: string, ...parameters: readonly string[]): Promise<void> {
  const script = join(root, "node_modules", tool);
  const { code, output } = await runCommand(process.execPath, [script, ...parameters]);
  if (code !== 0) throw new Error(`${tool} failed:\n${output}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildActions();
