import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../core/index.ts";
import { inspectLocalLake, listLakeProcesses, type LocalLake, type LocalLakeState } from "./lake-state.ts";

/** What a local lake uses of the machine. */
export interface LocalLakeUsage {
  /** Milliseconds since it was started. */
  readonly uptime: number;
  /** Resident memory in bytes, of it and all that it started; pages that they share count each time. */
  readonly memory: number;
  readonly processes: number;
  /** Bytes of objects, logs and scratch files. */
  readonly disk: number;
}

/** The local lake of a directory: what there is of it, and, if its process is there, what it uses. */
export type LocalLakeStatus = LocalLakeState & { readonly usage?: LocalLakeUsage };

/** See {@link LocalLakeStatus}. */
export async function describeLocalLake(directory: string, context: Context): Promise<LocalLakeStatus> {
  const state = await inspectLocalLake(directory, context.signal);
  if (state.kind === "none" || state.kind === "killed") return state;
  return { ...state, usage: await measureUsage(state.lake, context.clock.now()) };
}

async function measureUsage(lake: LocalLake, now: number): Promise<LocalLakeUsage> {
  const [family, disk] = await Promise.all([listLakeProcesses(lake), measureFolder(lake.folder)]);
  return {
    uptime: now - Date.parse(lake.startedAt),
    memory: family.reduce((sum, { memory }) => sum + memory, 0),
    processes: family.length,
    disk,
  };
}

/** The sizes of all files in `folder`, in bytes; files that vanish meanwhile count nothing. */
async function measureFolder(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
