/**
 * What a runner downloads for the actions, how long one takes to start, and which AWS calls a deploy makes that has
 * nothing to do: `node bench/actions.ts`. Builds first.
 */
import { execFile, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { listActions } from "../actions/catalog.ts";
import { buildActions, distFolder } from "../scripts/build.ts";
import { commitTree, listTree, makeReleaseTree } from "../scripts/release-tree.ts";
import { localEnvironment, requireLocalLake } from "../src/local/index.ts";
import { makeBed } from "./bed.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const runs = 15;

interface ActionRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly milliseconds: number;
}

function runNode(
  parameters: readonly string[],
  variables: Readonly<Record<string, string>>,
  cwd = "/",
): ActionRun {
  const begun = performance.now();
  const env = { PATH: process.env["PATH"], ...variables };
  const { status, stdout } = spawnSync(process.execPath, parameters, { cwd, env, encoding: "utf8" });
  return { code: status, stdout, milliseconds: performance.now() - begun };
}

const program = (action: string) => join(distFolder, `${action}.js`);
/** With this input every action loads all it needs to know its inputs, says what is wrong with one, and ends. */
const wrong = { INPUT_MODE: "?", INPUT_TIMEOUT: "?", INPUT_COMMENT: "?", INPUT_LATENCY: "?" };

/** Bytes of the program and of every chunk that it has loaded when it ends for a wrong input. */
async function measureLoaded(action: string, scratch: string): Promise<number> {
  const folder = join(scratch, `coverage-${action}`);
  runNode([program(action)], { ...wrong, NODE_V8_COVERAGE: folder, RUNNER_TEMP: "" });
  const [file = ""] = await readdir(folder);
  const { result } = JSON.parse(await readFile(join(folder, file), "utf8")) as { result: { url: string }[] };
  const loaded = result.map(({ url }) => url).filter((url) => url.startsWith("file:"));
  const sizes = await Promise.all(loaded.map(async (url) => (await stat(fileURLToPath(url))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Milliseconds beyond `node -e 0`, the three measured in turn: the first program of a job, and each later one. */
async function measureStart(action: string, scratch: string) {
  const temporary = join(scratch, `temporary-${action}`);
  await mkdir(temporary);
  const cases = {
    bare: () => runNode(["-e", "0"], {}),
    first: () => runNode([program(action)], wrong),
    later: () => runNode([program(action)], { ...wrong, RUNNER_TEMP: temporary }),
  };
  cases.later();
  const times = { bare: [], first: [], later: [] } as Record<keyof typeof cases, number[]>;
  for (let run = 0; run < runs; run += 1) {
    for (const name of ["bare", "first", "later"] as const) times[name].push(cases[name]().milliseconds);
  }
  const bare = median(times.bare);
  return { bare, first: median(times.first) - bare, later: median(times.later) - bare };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

async function measureTree(scratch: string) {
  const [tree, clone] = [join(scratch, "tree"), join(scratch, "clone")];
  const files = await makeReleaseTree(tree);
  await promisify(execFile)("git", ["clone", "--quiet", "--shared", root, clone]);
  const sha = await commitTree(tree, clone);
  const archive = join(scratch, "tree.tar.gz");
  await promisify(execFile)("git", ["archive", "--format=tar.gz", `--output=${archive}`, sha], {
    cwd: clone,
  });
  return { files: files.length, bytes: sumOf(files), compressed: (await stat(archive)).size };
}

const sumOf = (files: readonly { bytes: number }[]) => files.reduce((sum, { bytes }) => sum + bytes, 0);

/** The calls of the second of two deploys of all layers, by service and operation. */
async function countCalls(): Promise<ReadonlyMap<string, number>> {
  await using bed = await makeBed();
  const lake = await requireLocalLake(bed.folder, AbortSignal.timeout(10_000));
  const variables = {
    ...localEnvironment(lake, "ap-northeast-1", {}).set,
    INPUT_GROUP: "infrastructure,catalog,compute,monitoring",
    RUNNER_DEBUG: "1",
  };
  const deploy = () => runNode([program("deploy-layer")], variables, bed.folder);
  if (deploy().code !== 0) throw new Error("the first deploy failed");
  const { code, stdout } = deploy();
  if (code !== 0 || !stdout.includes("DescribeStacks")) throw new Error(`the second deploy:\n${stdout}`);
  const calls = new Map<string, number>();
  for (const [, call = ""] of stdout.matchAll(/· (\w+ [A-Z]\w+) \d+ ms/g)) {
    calls.set(call, (calls.get(call) ?? 0) + 1);
  }
  return calls;
}

const scratch = await mkdtemp(join(tmpdir(), "datalake-bench-"));
try {
  await buildActions();
  const rows: Record<string, unknown> = {};
  for (const { action } of await listActions()) {
    const { bare, first, later } = await measureStart(action.name, scratch);
    rows[action.name] = {
      "loaded, kB": Math.round((await measureLoaded(action.name, scratch)) / 1000),
      "node -e 0, ms": Math.round(bare),
      "first, ms more": Math.round(first),
      "later, ms more": Math.round(later),
    };
  }
  console.table(rows);
  const tree = await measureTree(scratch);
  console.table({
    "dist, bytes": sumOf(await listTree(distFolder)),
    "release tree, files": tree.files,
    "release tree, bytes": tree.bytes,
    "release tree as tar.gz, bytes": tree.compressed,
  });
  console.table(Object.fromEntries(await countCalls()));
} finally {
  await rm(scratch, { recursive: true, force: true });
}
