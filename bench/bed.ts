/** What the benchmarks share: a copy of the sample lake on a local lake of its own, and a clock around programs. */
import { execFile, spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const command = join(root, "cli/datalake.js");

/** A run of a program: what it printed, seconds, and the most memory it and its family used at once, in megabytes. */
export interface Run {
  readonly stdout: string;
  readonly seconds: number;
  readonly megabytes: number;
}

/** A folder with the sample lake in it, and `datalake` run there. */
export interface Bed extends AsyncDisposable {
  readonly folder: string;
  datalake(...words: string[]): Promise<Run>;
}

/** Copies the sample lake to a temporary folder and starts its local lake; both are gone in the end. */
export async function makeBed(): Promise<Bed> {
  const folder = await mkdtemp(join(tmpdir(), "datalake-bench-"));
  for (const part of ["lake.yaml", "templates", "queries", "sample-data", "contracts", "jobs"]) {
    await cp(join(root, part), join(folder, part), { recursive: true });
  }
  const datalake = (...words: string[]) => measure(process.execPath, [command, ...words], folder);
  await datalake("local", "start");
  return {
    folder,
    datalake,
    async [Symbol.asyncDispose]() {
      await datalake("local", "stop");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Runs a program to its end. Memory is the sum of the resident sizes of every process whose command line names
 * `folder`, and of the program's own family, looked at five times a second.
 *
 * @throws Error when it does not exit with 0.
 */
export async function measure(program: string, parameters: readonly string[], folder: string): Promise<Run> {
  const begun = performance.now();
  const child = spawn(program, parameters, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  let megabytes = 0;
  const look = setInterval(() => {
    void memoryOf(folder, child.pid ?? 0).then((now) => (megabytes = Math.max(megabytes, now)));
  }, 200);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearInterval(look);
  if (code !== 0) throw new Error(`${program} ${parameters.join(" ")} ended with ${code ?? "a signal"}`);
  return { stdout, seconds: (performance.now() - begun) / 1000, megabytes };
}

async function memoryOf(folder: string, pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)("ps", ["-eo", "pid=,ppid=,rss=,args="], {
    maxBuffer: 2 ** 24,
  });
  const processes = stdout.split("\n").flatMap((line) => {
    const [, id, parent, size, words = ""] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return id === undefined ? [] : [{ id: Number(id), parent: Number(parent), size: Number(size), words }];
  });
  const family = new Set(
    processes.filter(({ id, words }) => id === pid || words.includes(folder)).map(({ id }) => id),
  );
  for (let grown = true; grown;) {
    const children = processes.filter(({ id, parent }) => family.has(parent) && !family.has(id));
    children.forEach(({ id }) => family.add(id));
    grown = children.length > 0;
  }
  const kilobytes = processes.filter(({ id }) => family.has(id)).reduce((sum, { size }) => sum + size, 0);
  return kilobytes / 1000;
}
