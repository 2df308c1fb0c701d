import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { createClients, silentHost, systemClock, type Context } from "../../src/core/index.ts";
import {
  ensurePythonEnvironment,
  startLocalLake,
  stopLocalLake,
  type LocalLake,
} from "../../src/local/index.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The local lake that all test files of a run share. */
    localLake: LocalLake;
    /** A Python with the local lake's packages. */
    python: string;
  }
}

/**
 * Starts one local lake for a whole run of vitest, and stops it at the end. Its Python is the one that
 * DATALAKE_PYTHON names, else the one of the checkout's own environment.
 */
export default async function startForRun(project: TestProject): Promise<() => Promise<void>> {
  const context: Context = {
    clients: createClients({ region: "us-east-1" }, silentHost),
    host: silentHost,
    signal: new AbortController().signal,
    clock: systemClock,
    step: undefined,
  };
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const { python } = await ensurePythonEnvironment(
    { directory: root, python: process.env["DATALAKE_PYTHON"], variables: process.env },
    context,
  );
  const directory = await mkdtemp(join(tmpdir(), "datalake-test-lake-"));
  const localLake = await startLocalLake({ directory, python, variables: process.env }, context);
  project.provide("localLake", localLake);
  project.provide("python", python);
  return async () => {
    await stopLocalLake(directory, context);
    await rm(directory, { recursive: true, force: true });
  };
}
