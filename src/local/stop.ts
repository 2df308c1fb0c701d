import { join } from "node:path";
import { LakeError, note, poll, runStep, type Context } from "../core/index.ts";
import { makeHome } from "./home.ts";
import { forgetLake, inspectLocalLake, listLakeProcesses, type LocalLake } from "./lake-state.ts";
import { holdLock } from "./lock.ts";
import { listProcesses, sendSignal } from "./processes.ts";

/** How long a local lake gets to end cleanly. */
const grace = 10_000;

/**
 * Stops the local lake of a directory, with all that it started; what is deployed on it is gone then.
 *
 * @returns false when none was running.
 */
export async function stopLocalLake(directory: string, context: Context): Promise<boolean> {
  const home = await makeHome(directory);
  return holdLock(join(home, "lake.lock"), context, () =>
    runStep(context, "stop", "local lake", async (step) => {
      const state = await inspectLocalLake(directory, step.signal);
      if (state.kind === "none") {
        step.conclude("it was not running", "unchanged");
        return false;
      }
      await endProcesses(state.lake, step);
      await forgetLake(directory);
      if (state.kind === "killed") {
        step.conclude(`its process ${state.lake.pid} had been killed`, "unchanged");
        return false;
      }
      step.conclude(`process ${state.lake.pid}`);
      return true;
    }),
  );
}

/** Ends a local lake's process and all that it started: by SIGTERM, and what is left after 10 s by SIGKILL. */
export async function endProcesses(lake: LocalLake, context: Context): Promise<void> {
  const family = new Set((await listLakeProcesses(lake)).map(({ pid }) => pid));
  const living = async () => {
    // What was started in the meantime, and what lost its parent, is family too.
    for (const { pid } of await listLakeProcesses(lake)) family.add(pid);
    return (await listProcesses()).filter(({ pid }) => family.has(pid));
  };
  // A living lake ends its own children, in the right order.
  for (const pid of family.has(lake.pid) ? [lake.pid] : family) sendSignal(pid, "SIGTERM");
  try {
    await waitUntilGone(living, context);
  } catch (error) {
    if (!(error instanceof LakeError && error.reason === "timed-out")) throw error;
    const left = await living();
    note(
      context,
      "warning",
      `the local lake did not end within 10 s; killed ${left.length} of its processes`,
    );
    for (const { pid } of left) sendSignal(pid, "SIGKILL");
    await waitUntilGone(living, context);
  }
}

function waitUntilGone(living: () => Promise<{ pid: number }[]>, context: Context): Promise<true> {
  return poll({
    what: "the local lake",
    every: 500,
    within: grace,
    signal: context.signal,
    clock: context.clock,
    probe: async () => {
      const left = (await living()).map(({ pid }) => pid);
      return left.length === 0 ? { done: true } : { waiting: `ending (process ${left.join(", ")})` };
    },
  });
}
