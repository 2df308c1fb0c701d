import type { StackStatus } from "@aws-sdk/client-cloudformation";
import { LakeError, poll, type StepReporter } from "../core/index.ts";
import { readOperationEvents } from "./explain-failure.ts";
import { readStack, type LiveStack } from "./live-stacks.ts";
import { isBusy } from "./stack-status.ts";

/** How to follow one operation of a stack. */
export interface FollowOptions {
  readonly stackId: string;
  readonly name: string;
  /** When the operation began, in milliseconds since the epoch. */
  readonly since: number;
  /** How many resources the operation touches; 0 where that is not known. */
  readonly total: number;
  /** Milliseconds. */
  readonly within: number;
}

/**
 * Waits until AWS has finished with a stack, telling how many of its resources are done.
 *
 * @returns the stack as it then is; undefined once it is deleted.
 * @throws LakeError `timed-out`; the operation goes on in AWS.
 */
export async function followStack(
  options: FollowOptions,
  step: StepReporter,
): Promise<LiveStack | undefined> {
  let told = "";
  return poll<LiveStack | undefined>({
    what: `stack ${options.name}`,
    every: 2000,
    within: options.within,
    signal: step.signal,
    clock: step.clock,
    probe: async () => {
      const stack = await readStack(options.stackId, step);
      if (stack === undefined || stack.status === "DELETE_COMPLETE") return { done: undefined };
      if (!isBusy(stack.status)) return { done: stack };
      const done = await countDone(options, step);
      const text = `${describeStatus(stack.status)} ${done}`;
      if (text !== told)
        step.progress(describeStatus(stack.status), { done, total: Math.max(options.total, done) });
      told = text;
      return { waiting: stack.status };
    },
  });
}

async function countDone(options: FollowOptions, step: StepReporter): Promise<number> {
  const events = await readOperationEvents(options.stackId, options.since, step);
  const done = events
    .filter((event) => event.LogicalResourceId !== options.name)
    .filter((event) => event.ResourceStatus?.endsWith("_COMPLETE") === true)
    .map((event) => event.LogicalResourceId);
  return new Set(done).size;
}

function describeStatus(status: StackStatus): string {
  return status.toLowerCase().replaceAll("_", " ");
}

/**
 * Waits for whatever somebody else is doing to a stack.
 *
 * @throws LakeError `stack-busy` if that is not over in time.
 */
export async function waitUntilIdle(
  stack: LiveStack,
  within: number,
  step: StepReporter,
): Promise<LiveStack | undefined> {
  if (!isBusy(stack.status)) return stack;
  step.progress(`waiting: ${describeStatus(stack.status)} by somebody else`);
  try {
    return await followStack(
      { stackId: stack.id, name: stack.name, since: stack.changedAt, total: 0, within },
      step,
    );
  } catch (error) {
    if (!(error instanceof LakeError) || error.reason !== "timed-out") throw error;
    throw new LakeError("stack-busy", error.message, {
      hint: "Something else is changing this stack; run the same command again when that is over.",
      cause: error,
    });
  }
}
