import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inject } from "vitest";
import { createClients, systemClock, type Context, type LakeEvent } from "../../src/core/index.ts";
import { localEnvironment, type LocalLake, type Variables } from "../../src/local/index.ts";

/** The region of {@link createContext} and of the variables of {@link runDatalake}. */
export const region = "ap-northeast-1";

/** A lake's or an environment's name that no other test has; the local lake is shared by all of them. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString("hex")}`;
}

/** A context whose clients reach the shared local lake; `events` grows with all that is told, and `hear` hears it at once. */
export function createContext(
  signal = new AbortController().signal,
  hear: (event: LakeEvent) => void = () => undefined,
): Context & { readonly events: readonly LakeEvent[] } {
  const events: LakeEvent[] = [];
  const emit = (event: LakeEvent): void => {
    events.push(event);
    hear(event);
  };
  const host = { emit, mask: () => undefined, confirm: () => Promise.resolve(false) };
  const credentials = { accessKeyId: "local-lake", secretAccessKey: "local-lake" };
  const clients = createClients({ region, endpoint: inject("localLake").endpoint, credentials }, host);
  return { clients, host, signal, clock: systemClock, step: undefined, events };
}

/** Makes `datalake … --local` in this folder reach the shared local lake, or what `changes` make of it. */
export async function shareLocalLake(folder: string, changes: Partial<LocalLake> = {}): Promise<void> {
  await mkdir(join(folder, ".datalake"), { recursive: true });
  const lake = { ...inject("localLake"), ...changes };
  await writeFile(join(folder, ".datalake", "lake.json"), JSON.stringify(lake));
}

/** How {@link runDatalake} runs the command. */
export interface CommandOptions {
  /** The folder it runs in. */
  readonly cwd: string;
  /** Added to the variables of the test run, of which nothing that the command reads is left. */
  readonly env?: Variables;
  /** Whether AWS is the shared local lake, through the standard variables. Default: no AWS at all. */
  readonly onLake?: boolean;
  /** What it gets on its stdin. Default: nothing. */
  readonly input?: string;
  /** Sends a signal, once, as soon as its output matches. */
  readonly interrupt?: { readonly when: RegExp; readonly signal: NodeJS.Signals };
}

/** What a command said, and its exit code: null when a signal ended it. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const command = fileURLToPath(new URL("../../cli/datalake.js", import.meta.url));
const readByCommand = /^(AWS_|GITHUB_|DATALAKE_|(ENVIRONMENT|PROJECT_PREFIX|DEBUG|LOG_LEVEL|PYTHON)$)/;

/** Runs `datalake` with these arguments as a child process, to its end. */
export async function runDatalake(
  parameters: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const child = spawn(process.execPath, [command, ...parameters], {
    cwd: options.cwd,
    env: variablesFor(options),
    stdio: "pipe",
  });
  const said = { stdout: "", stderr: "" };
  let { interrupt } = options;
  const hear = (name: keyof typeof said) => (chunk: string) => {
    said[name] += chunk;
    if (!interrupt?.when.test(said.stdout + said.stderr)) return;
    child.kill(interrupt.signal);
    interrupt = undefined;
  };
  child.stdout.setEncoding("utf8").on("data", hear("stdout"));
  child.stderr.setEncoding("utf8").on("data", hear("stderr"));
  child.stdin.end(options.input ?? "");
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, ...said };
}

function variablesFor({ env = {}, onLake = false }: CommandOptions): Variables {
  const kept = Object.entries(process.env).filter(([name]) => !readByCommand.test(name));
  const lake = onLake ? localEnvironment(inject("localLake"), region, {}).set : {};
  return { ...Object.fromEntries(kept), DATALAKE_PYTHON: inject("python"), ...lake, ...env };
}
