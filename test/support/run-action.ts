import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inject } from "vitest";
import { parse } from "yaml";
import { localEnvironment } from "../../src/local/index.ts";
import { reportSchema, type Report } from "../../src/report/index.ts";
import { actionsFolder } from "./built-actions.ts";
import { region } from "./local-lake.ts";

/** How to run an action, beside its inputs. */
export interface ActionOptions {
  /** The workspace: the runner's working directory. */
  readonly cwd: string;
  /** Variables beside those of the runner and of the shared local lake. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Cancels the run as the runner does, as soon as its log matches. */
  readonly cancel?: RegExp;
  /** Kills the process with no chance to stop anything, as soon as its log matches; then runs the `post` step. */
  readonly kill?: RegExp;
  /** Does something else meanwhile, as soon as its log matches. */
  readonly meanwhile?: { readonly when: RegExp; readonly act: () => Promise<unknown> };
}

/** An annotation as the runner reads it. */
export interface ReadAnnotation {
  readonly level: string;
  readonly title?: string;
  readonly file?: string;
  readonly line?: string;
  readonly message: string;
}

/** What an action left behind. */
export interface ActionOutcome {
  readonly code: number | null;
  /** Everything it printed. */
  readonly log: string;
  readonly annotations: readonly ReadAnnotation[];
  readonly outputs: Readonly<Record<string, string>>;
  /** The variables it exported for later steps. */
  readonly exported: Readonly<Record<string, string>>;
  readonly masked: readonly string[];
  readonly summary: string;
  /** The report that `report-file` names. */
  readonly report: Report | undefined;
  /** What the `post` step printed; undefined for an action without one. */
  readonly post: string | undefined;
}

/** How long the runner waits from SIGINT to SIGTERM, and from there to the end, in milliseconds. */
const [graceAfterInt, graceAfterTerm] = [7500, 2500];

const root = fileURLToPath(new URL("../..", import.meta.url));

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly main: string; readonly post?: string };
}

/** Runs an action's main step and then its post step through the runner's door: variables in, files and log out. */
export async function runAction(
  action: string,
  inputs: Readonly<Record<string, string>>,
  options: ActionOptions,
): Promise<ActionOutcome> {
  const folder = action === "local-lake" ? "local-lake/start" : action;
  const file = parse(await readFile(join(root, "actions", folder, "action.yml"), "utf8")) as ActionFile;
  const temporary = await mkdtemp(join(tmpdir(), "datalake-action-"));
  try {
    const variables = await makeVariables(file, inputs, { temporary, options });
    const program = join(actionsFolder, `${action}.js`);
    const main = await run(program, variables, options);
    const state = await readPairs(join(temporary, "GITHUB_STATE"));
    const stated = Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));
    const { cwd } = options;
    const post =
      file.runs.post === undefined ? undefined : await run(program, { ...variables, ...stated }, { cwd });
    return { ...main, ...(await readLeft(temporary, main.log)), post: post?.log };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** The variables that the runner gives: inputs with the defaults of action.yml, its files, and those of the job. */
async function makeVariables(
  { inputs: declared }: ActionFile,
  given: Readonly<Record<string, string>>,
  { temporary, options }: { temporary: string; options: ActionOptions },
): Promise<Record<string, string>> {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(declared, name));
  if (unknown.length > 0) throw new Error(`the action has no input ${unknown.join(", ")}`);
  const ofInputs = Object.entries(declared).map(([name, { default: usual = "" }]) => [
    `INPUT_${name.toUpperCase()}`,
    given[name] ?? (usual.startsWith("${{") ? "" : usual),
  ]);
  const files = ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_STATE", "GITHUB_ENV"];
  for (const name of files) await writeFile(join(temporary, name), "");
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: temporary,
    RUNNER_TEMP: temporary,
    GITHUB_ACTIONS: "true",
    GITHUB_WORKSPACE: options.cwd,
    GITHUB_JOB: "test",
    ...localEnvironment(inject("localLake"), region, {}).set,
    ...Object.fromEntries(files.map((name) => [name, join(temporary, name)])),
    ...(Object.fromEntries(ofInputs) as Record<string, string>),
    ...options.variables,
  };
}

async function run(
  program: string,
  variables: Readonly<Record<string, string>>,
  { cwd, cancel, kill, meanwhile }: ActionOptions,
): Promise<{ code: number | null; log: string }> {
  const child = spawn(process.execPath, [program], {
    cwd,
    env: variables,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const timers: NodeJS.Timeout[] = [];
  let log = "";
  let waiting = cancel ?? kill;
  let other = meanwhile;
  const acts: Promise<unknown>[] = [];
  const hear = (chunk: string): void => {
    log += chunk;
    if (other?.when.test(log) === true) {
      acts.push(other.act());
      other = undefined;
    }
    if (waiting?.test(log) !== true) return;
    waiting = undefined;
    if (cancel) child.kill("SIGINT");
    timers.push(
      // Killed a moment later, so that it is at what comes after the words that were waited for.
      setTimeout(() => child.kill(cancel ? "SIGTERM" : "SIGKILL"), cancel ? graceAfterInt : 200),
      setTimeout(() => child.kill("SIGKILL"), graceAfterInt + graceAfterTerm),
    );
  };
  child.stdout.setEncoding("utf8").on("data", hear);
  child.stderr.setEncoding("utf8").on("data", hear);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  timers.forEach(clearTimeout);
  await Promise.all(acts);
  return { code, log };
}

async function readLeft(temporary: string, log: string) {
  const outputs = await readPairs(join(temporary, "GITHUB_OUTPUT"));
  const file = outputs["report-file"];
  const report =
    file === undefined ? undefined : reportSchema.parse(JSON.parse(await readFile(file, "utf8")));
  const commands = log.split("\n").flatMap(readCommand);
  return {
    outputs,
    report,
    exported: await readPairs(join(temporary, "GITHUB_ENV")),
    summary: await readFile(join(temporary, "GITHUB_STEP_SUMMARY"), "utf8"),
    annotations: commands.filter(({ level }) => ["error", "warning", "notice"].includes(level)),
    masked: commands.filter(({ level }) => level === "add-mask").map(({ message }) => message),
  };
}

/** `name<<end`, lines, `end`. */
async function readPairs(path: string): Promise<Record<string, string>> {
  const text = await readFile(path, "utf8");
  const pairs = [...text.matchAll(/^([^\n<]+)<<(\S+)\n([\s\S]*?)\n\2$/gm)];
  return Object.fromEntries(pairs.map(([, name = "", , value = ""]) => [name, value]));
}

function readCommand(line: string): ReadAnnotation[] {
  const [, level, properties = "", message = ""] = /^::([a-z-]+)(?: ([^:]*))?::(.*)$/.exec(line) ?? [];
  if (level === undefined) return [];
  const pairs = properties.split(",").map((pair) => pair.split("=").map(unescapeText));
  const read = Object.fromEntries(pairs.filter(([name]) => name !== "")) as Record<string, string>;
  return [{ level, ...read, message: unescapeText(message) }];
}

function unescapeText(text: string): string {
  return text
    .replaceAll("%2C", ",")
    .replaceAll("%3A", ":")
    .replaceAll("%0A", "\n")
    .replaceAll("%0D", "\r")
    .replaceAll("%25", "%");
}
