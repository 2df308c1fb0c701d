import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import {
  exitCodeOf,
  LakeError,
  messageOf,
  parseInputs,
  systemClock,
  toLakeError,
  type Context,
  type Host,
  type Inputs,
  type LakeEvent,
  type Reason,
  type Values,
} from "../core/index.ts";
import type { Report } from "../report/index.ts";
import type { VerbResult } from "../verbs/index.ts";
import { createActionHost } from "./action-host.ts";
import type { Action } from "./action.ts";
import { annotate } from "./annotate.ts";
import { createCommands, type Commands } from "./commands.ts";
import { completeReport, failureReport } from "./complete-report.ts";
import { publishReport } from "./publish-report.ts";
import { isPostStep, RemoteState, stopWhatIsLeft } from "./remote-state.ts";
import type { RunnerVariables } from "./runner-variables.ts";

/** What an action's work is given. */
export interface ActionRun<T extends Inputs = Inputs> {
  /** The inputs as texts, and as their declaration parses them. */
  readonly raw: Readonly<Record<string, string | undefined>>;
  readonly inputs: Values<T>;
  /** AWS is not known yet: the work makes its clients. */
  readonly context: Omit<Context, "clients">;
  readonly commands: Commands;
  readonly variables: RunnerVariables;
  /** What the `post` step is told, where there is one. */
  readonly remote: RemoteState | undefined;
}

/**
 * Runs an action from its inputs to its exit code: reads and checks all inputs, tells the run as it goes, and leaves
 * outputs, annotations, a summary and the report as a file, however it ends. SIGINT or SIGTERM stops what was begun.
 */
export async function runAction<T extends Inputs>(
  action: Action<T>,
  work: (run: ActionRun<T>) => Promise<ActionResult>,
): Promise<void> {
  const variables: RunnerVariables = process.env;
  const commands = createCommands(variables, (line) => process.stdout.write(`${line}\n`));
  if (isPostStep(variables)) return stopWhatIsLeft(commands, variables);
  const raw = readInputs(action.inputs, variables);
  commands.mask(raw["token"] ?? "");
  const events: LakeEvent[] = [];
  const remote = action.post ? new RemoteState(commands) : undefined;
  const host = recordEvents(
    createActionHost(commands, { debug: variables["RUNNER_DEBUG"] === "1" }),
    (event) => {
      events.push(event);
      remote?.follow(event);
    },
  );
  const context = { host, signal: listenForCancel(commands), clock: systemClock, step: undefined };
  const begun = systemClock.now();
  const outcome = await attempt(context.signal, async () => {
    const inputs = parseInputs(action.inputs, raw);
    return work({ raw, inputs, commands, variables, context, remote });
  });
  const { error, result } = outcome;
  const told = result?.report ?? failureReport(action, error, raw, variables);
  const ended = systemClock.now();
  const report = commands.blot(completeReport(told, { events, begun, ended, variables }));
  annotate({ report, error, directory: directoryOf(raw) }, commands);
  await writeFiles(result, commands);
  const unmet = report.verdict === "failed" ? (result?.failureReason ?? "checks-failed") : undefined;
  const reason = error?.reason ?? unmet;
  setOutputs(action, { report, result, reason }, commands);
  const shown = result?.shown ?? [report];
  const publication = { action, report, shown, raw, cancelled: context.signal.aborted };
  await publishReport(publication, { commands, variables, signal: context.signal });
  process.exitCode = reason === undefined ? 0 : exitCodeOf(reason);
}

/** What an action's work returns. */
export interface ActionResult extends VerbResult {
  /** The reports to show in the place of the result's own. */
  readonly shown?: readonly Report[];
  /** Why it failed, where that is more than failed checks. */
  readonly failureReason?: Reason;
}

/** How the work ended. */
type Attempt =
  | { readonly result: ActionResult; readonly error?: undefined }
  | { readonly result?: undefined; readonly error: LakeError };

async function attempt(signal: AbortSignal, work: () => Promise<ActionResult>): Promise<Attempt> {
  try {
    return { result: await work() };
  } catch (thrown) {
    return { error: toLakeError(thrown, signal) };
  }
}

/** The texts of the inputs; the runner hands them over as variables and gives the defaults of action.yml. */
function readInputs(inputs: Inputs, variables: RunnerVariables): Record<string, string | undefined> {
  const names = Object.keys(inputs);
  return Object.fromEntries(names.map((name) => [name, variables[`INPUT_${name.toUpperCase()}`]]));
}

function recordEvents(host: Host, record: (event: LakeEvent) => void): Host {
  return {
    ...host,
    emit(event) {
      record(event);
      host.emit(event);
    },
  };
}

/** The runner sends SIGINT, after 7.5 s SIGTERM, and after 2.5 s more ends the process. */
function listenForCancel(commands: Commands): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) return;
    commands.print("cancelled: stopping what was begun");
    controller.abort(
      new LakeError("cancelled", "the run was cancelled", { hint: "Run the job again to go on." }),
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return controller.signal;
}

/** The folder that the files in messages are relative to. */
function directoryOf(raw: Readonly<Record<string, string | undefined>>): string {
  const isAlone = (raw["stack"] ?? "").trim() !== "";
  const lake = (raw["lake"] ?? "").trim();
  return isAlone || !lake.includes("/") ? "" : lake.slice(0, lake.lastIndexOf("/"));
}

async function writeFiles(result: VerbResult | undefined, commands: Commands): Promise<void> {
  for (const [path, text] of Object.entries(result?.files ?? {})) {
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    } catch (error) {
      commands.annotate({ level: "warning", title: "File not written", message: messageOf(error) });
    }
  }
}

function setOutputs(
  action: Action,
  { report, result, reason }: { report: Report; result: VerbResult | undefined; reason: Reason | undefined },
  commands: Commands,
): void {
  for (const name of Object.keys(action.outputs)) {
    const value = result?.outputs[name];
    if (value !== undefined) commands.output(name, value);
  }
  commands.output("verdict", report.verdict);
  commands.output("failure-reason", reason ?? "");
}
