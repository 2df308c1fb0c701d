import { readFile, rm, writeFile } from "node:fs/promises";
import { poll, type Context } from "../core/index.ts";
import { isAlive } from "./processes.ts";

/** Longer than the longest work under a lock: installing Spark over a slow line. */
const longestHold = 30 * 60_000;

/**
 * Runs `work` while this process alone holds the lock file at `path`; waits while another living process holds it.
 *
 * @throws LakeError `timed-out` when it is still held after 30 minutes.
 */
export async function holdLock<T>(path: string, context: Context, work: () => Promise<T>): Promise<T> {
  await poll({
    what: `another process that holds ${path}`,
    every: 2000,
    within: longestHold,
    signal: context.signal,
    clock: context.clock,
    resume: "Stop that process, or remove the file if there is none, then run the same command again.",
    probe: async () => ((await takeLock(path)) ? { done: true } : { waiting: "at work" }),
  });
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function takeLock(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const holder = Number(await readFile(path, "utf8").catch(() => ""));
  // An empty file is one that its holder is just writing.
  if (holder > 0 && !(await isAlive(holder))) await rm(path, { force: true });
  return false;
}
