import { spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { z } from "zod";
import { LakeError, poll, type Context } from "../core/index.ts";
import { packageFolder } from "./home.ts";
import { parseJson } from "./json-file.ts";
import type { LocalLake } from "./lake-state.ts";
import type { PythonEnvironment } from "./python-environment.ts";
import type { Variables } from "./run-program.ts";

/** How {@link spawnLake} starts the process. */
export interface SpawnRequest extends PythonEnvironment {
  /** The lake's `.datalake`. */
  readonly home: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly latency: "off" | "fast";
  readonly variables: Variables;
}

/** How a process ended before it was ready. */
interface Ending {
  code?: number | null;
  error?: Error;
}

const readySchema = z.object({ endpoint: z.url(), pid: z.number(), version: z.string() });

/** What `python -m local_lake` exits with when its port is taken. */
const portTakenExit = 2;
const startTimeout = 60_000;

/** Variables that would lead the local lake, its boto3 or its Spark away from this machine or this environment. */
const misleading = /^(AWS_|SPARK_|PYSPARK_|HADOOP_|PYTHON|JAVA_|_JAVA_OPTIONS$|(https?|all)_proxy$)/i;

/**
 * Starts the process of a local lake, detached from this one, and waits until it answers.
 *
 * @throws LakeError `port-taken`, `local-lake-setup` when it ends, or `timed-out` when it is not ready within 60 s.
 */
export async function spawnLake(request: SpawnRequest, context: Context): Promise<LocalLake> {
  const { home, port, latency, python } = request;
  const folder = join(home, "lake");
  const outPath = join(home, "local-lake.out");
  const errPath = join(home, "local-lake.err");
  const [out, err] = await Promise.all([open(outPath, "w"), open(errPath, "w")]);
  const child = spawn(
    python,
    ["-m", "local_lake", "--port", String(port), "--state", folder, "--latency", latency],
    { cwd: packageFolder, env: variablesOf(request), detached: true, stdio: ["ignore", out.fd, err.fd] },
  );
  const ending: Ending = {};
  child.once("error", (error) => (ending.error = error));
  child.once("exit", (code) => (ending.code = code));
  try {
    const ready = await poll({
      what: "the local lake",
      every: 1000,
      within: startTimeout,
      signal: context.signal,
      clock: context.clock,
      resume: `What it said is in ${errPath}.`,
      probe: async () => {
        const line = parseJson(await readFile(outPath, "utf8"), readySchema);
        if (line) return { done: line };
        await throwIfEnded(ending, request, errPath);
        return { waiting: "starting" };
      },
    });
    const startedAt = new Date(context.clock.now()).toISOString();
    return { ...ready, port: Number(new URL(ready.endpoint).port), startedAt, folder };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    child.unref();
    await Promise.all([out.close(), err.close()]);
  }
}

async function throwIfEnded(ending: Ending, { port, python }: SpawnRequest, errPath: string): Promise<void> {
  if (ending.error) {
    throw new LakeError("local-lake-setup", `${python} does not start: ${ending.error.message}`, {
      hint: "Name a Python that has the local lake's packages.",
      cause: ending.error,
    });
  }
  if (ending.code === undefined) return;
  if (ending.code === portTakenExit && port !== 0) {
    throw new LakeError("port-taken", `port ${port} on 127.0.0.1 cannot be used: another process has it`, {
      hint: "Stop that process, name another port with --port, or leave --port out to take a free one.",
    });
  }
  const said = (await readFile(errPath, "utf8")).trim().split("\n").at(-1);
  throw new LakeError(
    "local-lake-setup",
    `the local lake ended while it started: ${said === undefined || said === "" ? `exit code ${ending.code}` : said}`,
    { hint: `All that it said is in ${errPath}.` },
  );
}

function variablesOf({ python, javaHome, variables }: SpawnRequest): Variables {
  const kept = Object.fromEntries(Object.entries(variables).filter(([name]) => !misleading.test(name)));
  const path = [join(python, ".."), join(javaHome, "bin"), variables["PATH"] ?? ""].join(delimiter);
  return { ...kept, PATH: path, PYTHONPATH: packageFolder, PYTHONUNBUFFERED: "1", JAVA_HOME: javaHome };
}
