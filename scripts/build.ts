/**
 * Builds the actions' programs into `dist/`: `node scripts/build.ts`. The same sources make the same bytes, in whatever
 * folder they are, so anyone can build a release's commit again and compare.
 */
import { globSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { listActions } from "../actions/catalog.ts";
import { runCommand } from "./run-command.js";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What is built; relative to the checkout, as it is what `main:` in each action.yml leads to. */
export const distFolder = join(root, "dist");

/**
 * What ncc is told of the compiled sources: others than these only declare, so that who imports one name through a room's
 * door does not get the whole room.
 */
const sources = { type: "module", sideEffects: ["./actions/**", "./src/core/**", "./src/report/**"] };

/**
 * Compiles the sources to `build/` and bundles them with their packages to `dist/`: a program an action, the parts they
 * share in chunks that are loaded when needed, and the licences of every package in it.
 *
 * @throws Error with the tool's output when one fails.
 */
export async function buildActions(): Promise<void> {
  await Promise.all([remove("build"), remove("dist")]);
  await runTool("typescript/bin/tsc", "--project", "tsconfig.build.json");
  await loadClientsLazily();
  await writeFile(join(root, "build", "package.json"), JSON.stringify(sources));
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
  await foldLicences(join(distFolder, "licenses.txt"));
  for (const { action } of await listActions()) {
    await writeFile(join(distFolder, `${action.name}.js`), renderProgram(action.name));
  }
}

/**
 * Lets the compiled sources import each AWS client through a module that loads it when the first of its names is used: a
 * run needs two or three of them, and to set up all of them takes longer than anything else at its start.
 */
async function loadClientsLazily(): Promise<void> {
  const lazy = join(root, "build", "lazy");
  await mkdir(lazy);
  const clients = new Set<string>();
  for (const path of globSync("build/{src,actions}/**/*.js", { cwd: root })) {
    const text = await readFile(join(root, path), "utf8");
    const changed = text.replace(/(?<= from ")@aws-sdk\/(client-[a-z0-9-]+)(?=";)/g, (_, client: string) => {
      clients.add(client);
      return relative(dirname(join(root, path)), join(lazy, `${client}.cjs`));
    });
    if (changed !== text) await writeFile(join(root, path), changed);
  }
  for (const client of clients) await writeFile(join(lazy, `${client}.cjs`), renderLazyModule(client));
}

function renderLazyModule(client: string): string {
  return `module.exports = new Proxy({}, { get: (_, name) => require("@aws-sdk/${client}")[name] });\n`;
}

/**
 * A program of an action. A job runs several of them, most twice as they have a `post` step, from the same chunks: each
 * but the first finds these compiled.
 */
function renderProgram(name: string): string {
  return `import { enableCompileCache } from "node:module";
const { RUNNER_TEMP } = process.env;
if (RUNNER_TEMP) enableCompileCache(\`\${RUNNER_TEMP}/datalake-compiled\`);
const { dispatch } = await import("./index.js");
await dispatch("${name}");
`;
}

/** Of every package ncc writes the name, the licence's name and its text: gives one text once, with all its packages. */
async function foldLicences(path: string): Promise<void> {
  const written = await readFile(path, "utf8");
  const parts = written.split(/^(?=(?:@[\w.-]+\/)?[\w.-]+\n(?:Apache|MIT|ISC|BSD|0BSD)[\w.-]*\n)/m);
  const packages = new Map<string, string[]>();
  for (const part of parts) {
    const [name = "", ...text] = part.trimEnd().split("\n");
    const licence = text.join("\n");
    packages.set(licence, [...(packages.get(licence) ?? []), name]);
  }
  const rule = "-".repeat(80);
  const folded = [...packages].map(([licence, names]) => `${names.join("\n")}\n\n${licence}\n`);
  await writeFile(path, folded.join(`\n${rule}\n\n`));
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
