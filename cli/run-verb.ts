import { writeFile } from "node:fs/promises";
import {
  LakeError,
  messageOf,
  systemClock,
  toLakeError,
  type Context,
  type Host,
  type LakeEvent,
  printable,
} from "../src/core/index.ts";
import { timingsOf } from "../src/report/index.ts";
import { loadVerb, runVerb, type VerbName, type VerbResult } from "../src/verbs/index.ts";
import { renderError } from "./render-error.ts";
import { renderReport } from "./render-report.ts";
import { isDebug, surroundingsOf, type CommonOptions, type Surroundings } from "./settings.ts";
import { createPlainHost, createTerminalHost, type ClosableHost } from "./terminal-host.ts";
import { writeTrace } from "./trace.ts";

/** One command as it was typed. */
export interface CommandLine {
  readonly verb: VerbName;
  readonly options: CommonOptions;
  /** The verb's own inputs and the common ones, as texts. */
  readonly raw: Readonly<Record<string, string | undefined>>;
}

/** Runs a command and tells how it went; returns the exit code. */
export async function runCommandLine(typed: CommandLine, around: Surroundings): Promise<number> {
  return tellRun(typed.options, around, (context) => execute(typed, around, context));
}

/** What a run needs from its surroundings to begin. */
export type RunContext = Omit<Context, "clients">;

/** Runs the verb of a command and writes the files that it was asked for. */
export async function execute(
  { verb: name, options, raw }: CommandLine,
  around: Surroundings,
  context: RunContext,
): Promise<VerbResult> {
  const verb = await loadVerb(name);
  const result = await runVerb({ verb, raw }, surroundingsOf(options, around, context), context);
  for (const [path, text] of Object.entries(result.files ?? {})) await writeFile(path, text);
  return result;
}

/** Runs `work` with a host on stderr, a signal that Ctrl-C aborts, and its result or error told on stdout and stderr. */
export async function tellRun(
  options: CommonOptions,
  around: Surroundings,
  work: (context: RunContext) => Promise<VerbResult>,
): Promise<number> {
  const host = createHost(around);
  const events: LakeEvent[] = [];
  const interrupt = listenForInterrupt(host);
  try {
    const result = await work({
      host: recordEvents(host, events),
      signal: interrupt.signal,
      clock: systemClock,
      step: undefined,
    });
    host.close();
    const whole = { ...result.report, timings: timingsOf(events) };
    print({ ...result, report: whole }, options.json === true);
    return whole.verdict === "failed" ? 2 : 0;
  } catch (thrown) {
    host.close();
    const error = toLakeError(thrown, interrupt.signal);
    if (options.json === true)
      process.stdout.write(
        `${JSON.stringify({ verdict: "failed", error: describe(error) }, undefined, 2)}\n`,
      );
    process.stderr.write(renderError(error, isDebug(around)));
    return error.exitCode;
  } finally {
    interrupt.stop();
    await saveTrace(options.trace, events);
  }
}

function recordEvents(host: Host, events: LakeEvent[]): Host {
  return {
    ...host,
    emit(event) {
      events.push(event);
      host.emit(event);
    },
  };
}

/** The result on stdout; where that is for programs, the headline goes to stderr. */
function print({ report, data, output }: VerbResult, json: boolean): void {
  const brief = { ...report, sections: undefined };
  if (json) process.stdout.write(`${JSON.stringify({ ...brief, ...data }, undefined, 2)}\n`);
  else if (output === undefined) process.stdout.write(renderReport(report));
  else {
    process.stdout.write(output);
    if (report.headline !== "") process.stderr.write(`${printable(report.headline)}\n`);
  }
}

function createHost(around: Surroundings): ClosableHost {
  const verbosity = { debug: isDebug(around) };
  return process.stderr.isTTY
    ? createTerminalHost(process.stderr, verbosity)
    : createPlainHost(process.stderr, verbosity);
}

function describe({ reason, message, hint, place, mistakes }: LakeError): unknown {
  return { reason, message, hint, place, mistakes };
}

async function saveTrace(file: string | undefined, events: readonly LakeEvent[]): Promise<void> {
  if (file === undefined) return;
  try {
    await writeTrace(file, events);
  } catch (error) {
    process.stderr.write(`the trace could not be written to ${file}: ${messageOf(error)}\n`);
  }
}

/** Ctrl-C or SIGTERM stops what was begun in AWS before the command ends; a second one ends it at once. */
function listenForInterrupt(host: ClosableHost): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) {
      host.close();
      process.exit(130);
    }
    process.stderr.write("\nstopping what was begun; once more ends at once\n");
    controller.abort(
      new LakeError("cancelled", "cancelled by you", { hint: "Run the same command again to go on." }),
    );
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  return { signal: controller.signal, stop: () => void process.off("SIGINT", stop).off("SIGTERM", stop) };
}
