import { join } from "node:path";
import { LakeError, note, runStep, type Context, type StepReporter } from "../core/index.ts";
import { makeHome } from "./home.ts";
import {
  forgetLake,
  inspectLocalLake,
  recordLake,
  requireSameVersion,
  silentError,
  type LocalLake,
} from "./lake-state.ts";
import { holdLock } from "./lock.ts";
import { ensurePythonEnvironment } from "./python-environment.ts";
import type { Variables } from "./run-program.ts";
import { spawnLake } from "./spawn-lake.ts";
import { endProcesses } from "./stop.ts";

/** How to start the local lake of a directory. */
export interface StartRequest {
  /** The lake's directory; all that is made goes into its `.datalake`. */
  readonly directory: string;
  /** Default: a free one. */
  readonly port?: number | undefined;
  /** A Python that has everything already. Default: one is found or made, see {@link ensurePythonEnvironment}. */
  readonly python?: string | undefined;
  /** Whether background work pauses between its states, for people to watch. Default: off. */
  readonly latency?: "off" | "fast" | undefined;
  /** The caller's environment variables. */
  readonly variables: Variables;
}

/**
 * Starts the local lake of a directory, which goes on when this process ends; one that runs already is left as it is.
 *
 * @throws LakeError `port-taken`; `local-lake-setup` when there is no fit Python or Java, it did not come up, or the
 *   one that runs is of another version or on another port; `local-lake-down` when the one that runs does not answer.
 */
export async function startLocalLake(request: StartRequest, context: Context): Promise<LocalLake> {
  const home = await makeHome(request.directory);
  return holdLock(join(home, "lake.lock"), context, () =>
    runStep(context, "start", "local lake", async (step) => {
      const running = await findOrClear(request, step);
      const lake = running ?? (await startAnew(request, home, step));
      step.conclude(`${lake.endpoint} (process ${lake.pid})`, running ? "unchanged" : "done");
      return lake;
    }),
  );
}

async function findOrClear(
  { directory, port }: StartRequest,
  step: StepReporter,
): Promise<LocalLake | undefined> {
  const state = await inspectLocalLake(directory, step.signal);
  switch (state.kind) {
    case "none":
      return undefined;
    case "silent":
      throw silentError(state.lake);
    case "killed":
      note(
        step,
        "info",
        `the local lake's process ${state.lake.pid} was killed; what was deployed on it is gone`,
      );
      await endProcesses(state.lake, step);
      await forgetLake(directory);
      return undefined;
    case "running":
      requireSameVersion(state.lake);
      requirePort(state.lake, port);
      return state.lake;
  }
}

function requirePort(lake: LocalLake, port: number | undefined): void {
  if (port === undefined || port === 0 || port === lake.port) return;
  throw new LakeError("local-lake-setup", `the local lake runs already, on port ${lake.port}`, {
    hint: "Leave --port out to use it, or run `datalake local stop` first.",
  });
}

async function startAnew(request: StartRequest, home: string, step: StepReporter): Promise<LocalLake> {
  const { directory, variables, python, port = 0, latency = "off" } = request;
  const environment = await ensurePythonEnvironment({ directory, variables, python }, step);
  step.progress("waiting until it answers");
  const lake = await spawnLake({ ...environment, home, port, latency, variables }, step);
  await recordLake(directory, lake);
  return lake;
}
