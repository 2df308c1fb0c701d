/**
 * Why a verb failed. Each reason is documented in docs/failure-reasons.md and is what an action sets as its output
 * `failure-reason`, so that a later step can branch on it: a closed list, never reworded.
 */
const reasons = {
  "invalid-input": 1,
  "invalid-lake": 1,
  "invalid-template": 1,
  "invalid-contract": 1,
  "parameter-missing": 1,
  "output-ambiguous": 1,
  "layer-unknown": 1,
  "layer-not-deployed": 1,
  "graph-cycle": 1,
  "account-mismatch": 3,
  "environment-protected": 3,
  "confirmation-missing": 3,
  "plan-changed": 3,
  "buckets-not-empty": 3,
  "stack-failed": 1,
  "stack-busy": 1,
  "stack-stuck": 1,
  "nothing-to-read": 1,
  "upload-failed": 1,
  "crawler-failed": 1,
  "job-failed": 1,
  "cluster-failed": 1,
  "query-failed": 1,
  "checks-failed": 2,
  "delete-failed": 1,
  "local-lake-down": 1,
  "local-lake-setup": 1,
  "port-taken": 1,
  "credentials-missing": 1,
  "access-denied": 1,
  throttled: 1,
  "aws-error": 1,
  "timed-out": 4,
  cancelled: 1,
  internal: 1,
} as const;

/** One of the closed list of failure reasons. */
export type Reason = keyof typeof reasons;

/** Where a failure sits in the user's own files: `line` and `column` count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** What a {@link LakeError} can carry besides its message. */
export interface ErrorDetails {
  /** What to do next, as one sentence. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  readonly place?: Place | undefined;
  /** Several mistakes found together; the message then counts them. */
  readonly mistakes?: readonly Mistake[];
}

/** One of several mistakes that are reported together. */
export interface Mistake {
  readonly message: string;
  readonly place?: Place | undefined;
}

/**
 * The only error this library throws on purpose. `message` says what happened and why, in lower case and without a
 * full stop; `hint` says what to do next; `place` points into the user's file.
 */
export class LakeError extends Error {
  readonly reason: Reason;
  readonly hint: string | undefined;
  readonly place: Place | undefined;
  readonly mistakes: readonly Mistake[];

  constructor(reason: Reason, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "LakeError";
    this.reason = reason;
    this.hint = details.hint;
    this.place = details.place;
    this.mistakes = details.mistakes ?? [];
  }

  /** 1 error, 2 checks or findings failed, 3 refused by a guard, 4 timed out. */
  get exitCode(): number {
    return reasons[this.reason];
  }
}

/** A reason as a report's file names it: `internal` for one that this version does not know. */
export function knownReason(text: string): Reason {
  return Object.hasOwn(reasons, text) ? (text as Reason) : "internal";
}

/** The exit code of a reason. */
export function exitCodeOf(reason: Reason): number {
  return reasons[reason];
}

/** `file:line:column`, as far as it is known. */
export function formatPlace(place: Place): string {
  return [place.file, place.line, place.column].filter((part) => part !== undefined).join(":");
}

/** The text of anything that was thrown, with no stack. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
