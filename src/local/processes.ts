import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** A living process of this machine; one that ended but was not reaped by its parent is not living. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Resident memory in bytes, shared pages included. */
  readonly memory: number;
  readonly command: string;
}

/** All processes: from `/proc` where there is one, because small images have no `ps`, else from `ps`. */
export async function listProcesses(): Promise<Process[]> {
  return process.platform === "linux" ? listFromProc() : listFromPs();
}

/** Whether there is a living process of that id. */
export async function isAlive(pid: number): Promise<boolean> {
  return (await listProcesses()).some((candidate) => candidate.pid === pid);
}

/** Sends a signal to a process that may already be gone. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** The processes `roots`, those that they started, directly or through others, and those of their groups. */
export function familyOf(roots: Iterable<number>, processes: readonly Process[]): Process[] {
  const leaders = new Set(roots);
  const family = new Set(leaders);
  let known;
  do {
    known = family.size;
    for (const { pid, parent, group } of processes) {
      if (family.has(parent) || leaders.has(group)) family.add(pid);
    }
  } while (family.size > known);
  return processes.filter(({ pid }) => family.has(pid));
}

async function listFromProc(): Promise<Process[]> {
  const pids = (await readdir("/proc")).map(Number).filter((pid) => pid > 0);
  const found = await Promise.all(
    pids.map(async (pid) => {
      try {
        const [status, command] = await Promise.all([
          readFile(`/proc/${pid}/status`, "utf8"),
          readFile(`/proc/${pid}/cmdline`, "utf8"),
        ]);
        return parseStatus(pid, status, command);
      } catch {
        // It ended between the listing and the reading.
        return undefined;
      }
    }),
  );
  return found.filter((candidate) => candidate !== undefined);
}

/** Reads `/proc/<pid>/status`, proc_pid_status(5); kernel threads have no VmRSS. */
function parseStatus(pid: number, status: string, command: string): Process | undefined {
  const field = (name: string) => new RegExp(`^${name}:\\s+(\\w+)`, "m").exec(status)?.[1] ?? "";
  if (field("State") === "Z") return undefined;
  return {
    pid,
    parent: Number(field("PPid")),
    group: Number(field("NSpgid")),
    memory: Number(field("VmRSS")) * 1024,
    command: command.replaceAll("\0", " ").trim(),
  };
}

async function listFromPs(): Promise<Process[]> {
  const columns = "pid=,ppid=,pgid=,rss=,stat=,command=";
  const { stdout } = await promisify(execFile)("ps", ["-axo", columns], { maxBuffer: 64 * 1024 * 1024 });
  return stdout.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+([^\sZ]+)\s+(.*)$/.exec(line);
    if (!match) return [];
    const [pid = 0, parent = 0, group = 0, kibibytes = 0] = match.slice(1, 5).map(Number);
    return [{ pid, parent, group, memory: kibibytes * 1024, command: match[6] ?? "" }];
  });
}
