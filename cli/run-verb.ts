import {
  LakeError,
  messageOf,
  parseInputs,
  systemClock,
  toLakeError,
  type Context,
  type Host,
  type LakeEvent,
} from "../src/core/index.ts";
import { timingsOf } from "../src/report/index.ts";
import { loadVerb, type Verb, type VerbName, type VerbResult } from "../src/verbs/index.ts";
import { renderError } from "./render-error.ts";
import { renderReport } from "./render-report.ts";
import { isDebug, openClients, openEnvironment, type CommonOptions, type Surroundings } from "./settings.ts";
import { createPlainHost, createTerminalHost, type ClosableHost } from "./terminal-host.ts";
import { writeTrace } from "./trace.ts";

/** One command as it was typed. */
export interface Invocation {
  readonly verb: VerbName;
  readonly options: CommonOptions;
  /** The verb's own inputs, as texts. */
  readonly raw: Readonly<Record<string, string | undefined>>;
}

/** Runs a verb and tells how it went; returns the exit code. */
export async function runVerb(invocation: Invocation, around: Surroundings): Promise<number> {
  const { verb: name, options } = invocation;
  return tellRun(options, around, async (context) => {
    const verb = await loadVerb(name);
    return execute(verb, invocation, around, context);
  });
}

/** What a run needs from its surroundings to begin. */
export type RunContext = Omit<Context, "clients">;

async function execute(
  verb: Verb,
  { options, raw }: Invocation,
  around: Surroundings,
  context: RunContext,
): Promise<VerbResult> {
  const inputs = parseInputs(verb.inputs, raw);
  const environment = await openEnvironment(options, around);
  const clients = await openClients(environment, options, around, context.host);
  try {
    return await verb.run(
      { environment, inputs, repository: around.GITHUB_REPOSITORY },
      { ...context, clients },
    );
  } finally {
    clients.close();
  }
}

/** Runs `work` with a host on stderr, a signal that Ctrl-C aborts, and its result or error told on stdout and stderr. */
export async function tellRun(
  options: CommonOptions,
  around: Surroundings,
  work: (context: RunContext) => Promise<VerbResult>,
): Promise<number> {
  const host = createHost(around);
  const events: LakeEvent[] = [];
  const recording: Host = {
    emit: (event) => {
      events.push(event);
      host.emit(event);
    },
    confirm: (question) => host.confirm(question),
  };
  const interrupt = listenForInterrupt(host);
  try {
    const { report, data } = await work({
      host: recording,
      signal: interrupt.signal,
      clock: systemClock,
      step: undefined,
    });
    host.close();
    const whole = { ...report, timings: timingsOf(events) };
    const { sections: _, ...brief } = whole;
    process.stdout.write(
      options.json === true
        ? `${JSON.stringify({ ...brief, ...data }, undefined, 2)}\n`
        : renderReport(whole),
    );
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
