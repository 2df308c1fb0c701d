import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { LakeError, version } from "../core/index.ts";
import { homeOf } from "./home.ts";
import { readJson, writeJson } from "./json-file.ts";
import { familyOf, listProcesses, type Process } from "./processes.ts";

const lakeSchema = z.object({
  endpoint: z.url(),
  pid: z.number().int().positive(),
  version: z.string(),
  port: z.number().int(),
  startedAt: z.iso.datetime(),
  /** Holds its objects, logs and scratch files. */
  folder: z.string(),
});

/** A local lake that was started, as `.datalake/lake.json` tells it. */
export type LocalLake = Readonly<z.infer<typeof lakeSchema>>;

/** What there is of a local lake in a directory. */
export type LocalLakeState =
  { readonly kind: "running" | "silent" | "killed"; readonly lake: LocalLake } | { readonly kind: "none" };

const healthSchema = z.object({ status: z.literal("ready"), version: z.string() });

/** Long enough for a machine whose processors are all busy with Spark. */
const healthTimeout = 10_000;

/**
 * Looks at the local lake of a directory: `running` answers, `silent` is a process that does not, `killed` was started
 * and neither stopped nor is there any more, `none` was not started.
 */
export async function inspectLocalLake(directory: string, signal: AbortSignal): Promise<LocalLakeState> {
  const lake = await readJson(fileOf(directory), lakeSchema);
  if (lake === undefined) return { kind: "none" };
  const processes = await listLakeProcesses(lake);
  if (!processes.some(({ pid }) => pid === lake.pid)) return { kind: "killed", lake };
  return { kind: (await isHealthy(lake, signal)) ? "running" : "silent", lake };
}

/** The running local lake of a directory, or undefined. */
export async function findLocalLake(directory: string, signal: AbortSignal): Promise<LocalLake | undefined> {
  const state = await inspectLocalLake(directory, signal);
  return state.kind === "running" ? state.lake : undefined;
}

/**
 * The running local lake of a directory.
 *
 * @throws LakeError `local-lake-down`, saying whether it was never started, was killed, or does not answer;
 *   `local-lake-setup` when it is of another version than this library.
 */
export async function requireLocalLake(directory: string, signal: AbortSignal): Promise<LocalLake> {
  const state = await inspectLocalLake(directory, signal);
  switch (state.kind) {
    case "running":
      requireSameVersion(state.lake);
      return state.lake;
    case "silent":
      throw silentError(state.lake);
    case "killed":
      throw new LakeError(
        "local-lake-down",
        `the local lake was killed: its process ${state.lake.pid} is gone, and with it all that was deployed`,
        { hint: "Start it anew with `datalake local start`." },
      );
    case "none":
      throw new LakeError("local-lake-down", `no local lake was started in ${directory}`, {
        hint: "Start it with `datalake local start`.",
      });
  }
}

/** @throws LakeError `local-lake-setup` when `lake` is of another version than this library. */
export function requireSameVersion(lake: LocalLake): void {
  if (lake.version === version) return;
  throw new LakeError(
    "local-lake-setup",
    `the local lake that runs here is version ${lake.version}, and this is version ${version}`,
    { hint: "Run `datalake local stop`, then `datalake local start`; what is deployed on it is lost." },
  );
}

/** The error for a local lake whose process runs and answers nothing. */
export function silentError(lake: LocalLake): LakeError {
  return new LakeError(
    "local-lake-down",
    `the local lake's process ${lake.pid} runs, but ${lake.endpoint} does not answer`,
    {
      hint: "See why with `datalake local logs`; `datalake local stop` and `datalake local start` begin anew.",
    },
  );
}

/** Records a started local lake. */
export async function recordLake(directory: string, lake: LocalLake): Promise<void> {
  await writeJson(fileOf(directory), lake);
}

/** Forgets the local lake of a directory; to be called once its processes are gone. */
export async function forgetLake(directory: string): Promise<void> {
  await rm(fileOf(directory), { force: true });
}

/**
 * A local lake's process and all that it started, such as Spark; of a killed one, what it left running. Spark is known
 * by its command, because it runs in a session of its own and outlives a lake that is killed.
 */
export async function listLakeProcesses({ pid, folder }: LocalLake): Promise<Process[]> {
  const processes = await listProcesses();
  const leader = processes.find((candidate) => candidate.pid === pid);
  const sparks = processes.filter(
    ({ command }) => command.includes("org.apache.spark.") && command.includes(`${folder}/`),
  );
  // Another program may have been given the same id since.
  const roots = leader && !leader.command.includes(folder) ? [] : [pid];
  return familyOf([...roots, ...sparks.map((spark) => spark.pid)], processes);
}

function fileOf(directory: string): string {
  return join(homeOf(directory), "lake.json");
}

async function isHealthy(lake: LocalLake, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(`${lake.endpoint}/_local-lake/health`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(healthTimeout)]),
    });
    return healthSchema.safeParse(await response.json()).success;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
