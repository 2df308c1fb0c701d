import type { Clock } from "./clock.ts";
import { LakeError } from "./errors.ts";
import { formatDuration } from "./format.ts";

/** What one look found: the value that ends the wait, or what is still going on. */
export type Look<T> = { readonly done: T } | { readonly waiting: string };

/** How {@link poll} waits. All times are in milliseconds. */
export interface PollOptions<T> {
  /** What is waited for, for the message of a time-out: "stack dl-storage-dev". */
  readonly what: string;
  readonly probe: () => Promise<Look<T>>;
  /** The longest pause between two looks; the first pause is 0.2 s and each grows with the age of the wait. */
  readonly every: number;
  /** Give up after this time, with one last look. */
  readonly within: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** How to take the wait up again, for the hint of a time-out. */
  readonly resume?: string;
}

const firstPause = 200;

/**
 * Waits until `probe` is done: the one way to wait in this library.
 *
 * A pause lasts a tenth of the time waited so far, between 0.2 s and `every`, so short work is noticed at once and
 * long work costs few calls.
 *
 * @throws LakeError `timed-out`, saying what was still going on, once `within` has passed.
 */
export async function poll<T>(options: PollOptions<T>): Promise<T> {
  const { probe, every, within, signal, clock } = options;
  const start = clock.now();
  for (;;) {
    const overdue = clock.now() - start >= within;
    const look = await probe();
    if ("done" in look) return look.done;
    if (overdue) throw timedOut(options, look.waiting);
    const age = clock.now() - start;
    const pause = Math.min(Math.max(firstPause, age / 10), every, Math.max(within - age, 0));
    await clock.sleep(pause, signal);
  }
}

function timedOut(options: { what: string; within: number; resume?: string }, waiting: string): LakeError {
  return new LakeError(
    "timed-out",
    `${options.what} was still ${waiting} after ${formatDuration(options.within)}`,
    { hint: options.resume ?? "It goes on in AWS; run the same command again to take up the wait." },
  );
}
