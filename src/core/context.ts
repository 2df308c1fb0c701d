import { randomUUID } from "node:crypto";
import type { Clients } from "./aws.ts";
import { toLakeError } from "./aws-errors.ts";
import type { Clock } from "./clock.ts";
import { LakeError } from "./errors.ts";
import type { Host, Note, Outcome, RemoteWork } from "./events.ts";

/** What every function that does something is given: AWS, somebody who listens, a way to be stopped, and time. */
export interface Context {
  readonly clients: Clients;
  readonly host: Host;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** The step that is running; steps started from this context are its children. */
  readonly step: Step | undefined;
}

/** One step of a run, as its events name it. */
export interface Step {
  readonly id: string;
  readonly verb: string;
  readonly subject: string;
}

/** What a step hands to its work to tell how it went. */
export interface StepReporter extends Context {
  readonly step: Step;
  /** Says where the step is; `done` of `total` are counts of whatever the step counts. */
  progress(text: string, counts?: { done: number; total: number }): void;
  /** Sets the words, and if it is not "done" the outcome, that the step finishes with. */
  conclude(text: string, outcome?: Outcome): void;
}

/**
 * Runs `work` as a step: emits `started`, whatever progress it reports, and `finished` with the outcome, also when it
 * throws. Every error leaves as a {@link LakeError}.
 */
export async function runStep<T>(
  context: Context,
  verb: string,
  subject: string,
  work: (step: StepReporter) => Promise<T>,
): Promise<T> {
  const step: Step = { id: randomUUID(), verb, subject };
  const base = () => ({ ...step, parent: context.step?.id, at: context.clock.now() });
  let conclusion: { text: string; outcome: Outcome } = { text: "", outcome: "done" };
  context.host.emit({ kind: "started", ...base() });
  try {
    context.signal.throwIfAborted();
    const result = await work({
      ...context,
      step,
      progress: (text, counts) => {
        context.host.emit({ kind: "progress", ...base(), text, ...counts });
      },
      conclude: (text, outcome = "done") => {
        conclusion = { text, outcome };
      },
    });
    context.host.emit({ kind: "finished", ...base(), ...conclusion });
    return result;
  } catch (thrown) {
    const error = toLakeError(thrown, context.signal);
    const outcome = error.reason === "cancelled" ? "cancelled" : "failed";
    context.host.emit({ kind: "finished", ...base(), outcome, text: error.message });
    throw error;
  }
}

/** Emits a note beside the running step. */
export function note(context: Context, level: Note["level"], text: string): void {
  const step = context.step ?? { id: "run", verb: "run", subject: "" };
  context.host.emit({ kind: "note", ...step, parent: undefined, at: context.clock.now(), level, text });
}

/**
 * Waits for work that goes on in AWS by itself, telling that it runs and that it does no more: so that another process
 * can stop it if this one is killed while it waits.
 */
export async function whileRemote<T>(
  step: StepReporter,
  work: RemoteWork,
  wait: () => Promise<T>,
): Promise<T> {
  const tell = (running: boolean): void => {
    step.host.emit({ kind: "remote", ...step.step, parent: undefined, at: step.clock.now(), work, running });
  };
  tell(true);
  try {
    return await wait();
  } finally {
    tell(false);
  }
}

/**
 * Runs all `tasks`, waits for every one, and only then throws the first error that was not a mere echo of a
 * cancellation: nothing that was started is left unwatched.
 *
 * @returns the results in the order of the tasks.
 */
export async function settleAll<T>(tasks: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(tasks);
  const failures = settled
    .filter((outcome) => outcome.status === "rejected")
    .map((outcome) => outcome.reason as unknown);
  const first = failures.find((failure) => !(failure instanceof LakeError && failure.reason === "cancelled"));
  if (failures.length > 0) throw first ?? failures[0];
  return settled.filter((outcome) => outcome.status === "fulfilled").map((outcome) => outcome.value);
}
