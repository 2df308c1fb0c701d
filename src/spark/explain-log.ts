import { basename } from "node:path";
import type { Place } from "../core/index.ts";

/** What a driver's log says of a failure. */
export interface LogCause {
  /** The exception in one line: `ValueError: no rows in orders`. */
  readonly message: string;
  /** The traceback or the stack it was found in. */
  readonly excerpt: string;
  /** The line of the user's own script, if the failure came through it. */
  readonly line: number | undefined;
}

/**
 * Finds the cause of a failure in the log of a PySpark driver: the last Python traceback, and within it or after it
 * the deepest `Caused by` of a Java exception.
 *
 * @param script name of the user's script, whose lines are looked for among the frames; its folders do not count.
 * @returns undefined where the log has no exception.
 */
export function explainLog(log: string, script: string): LogCause | undefined {
  const lines = log.split(/\r?\n/);
  const traceback = lastTraceback(lines);
  const javaCause = deepestCause(traceback?.rest ?? lines);
  if (traceback === undefined) {
    return javaCause && { ...javaCause, line: undefined };
  }
  const line = lastLineOf(traceback.block, basename(script));
  const { exception } = traceback;
  // Python's wrappers of a Java exception only say that there was one.
  const isWrapper = /^py4j\.protocol\.|An error occurred while calling/.test(exception);
  const message = isWrapper ? (javaCause?.message ?? exception) : exception;
  return { message, excerpt: traceback.block.join("\n"), line };
}

interface Traceback {
  /** From its header to its exception, both included. */
  readonly block: readonly string[];
  readonly exception: string;
  /** From the exception to the end of the log. */
  readonly rest: readonly string[];
}

const frame = /^\s*File "([^"]+)", line (\d+)/;

/** The last traceback; a syntax error of the script itself has frames but no header. */
function lastTraceback(lines: readonly string[]): Traceback | undefined {
  const header = lines.findLastIndex((text) => text.startsWith("Traceback (most recent call last):"));
  const bare = lines.findLastIndex((text) => frame.test(text));
  const start = header >= 0 ? header : bare;
  if (start < 0) return undefined;
  const first = header >= 0 ? start + 1 : start;
  const length = lines.slice(first).findIndex((text) => /^\S/.test(text));
  if (length < 0) return undefined;
  const end = first + length;
  const exception = wholeException(lines.slice(end));
  return { block: lines.slice(start, end + 1), exception, rest: lines.slice(end) };
}

/** The exception's own line; if it ends with a colon, as Spark's captured ones do, with the line that says more. */
function wholeException([first = "", ...more]: readonly string[]): string {
  if (!/:\s*$/.test(first)) return first.trim();
  const next = more.find((text) => text.trim() !== "")?.trim();
  return next === undefined ? first.trim() : `${first.trim()} ${next}`;
}

function deepestCause(lines: readonly string[]): { message: string; excerpt: string } | undefined {
  const at = lines.findLastIndex((text) => /^\s*Caused by: /.test(text));
  const top = lines.findLastIndex((text) =>
    /^:?\s*(?:[a-z][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error)\b/.test(text),
  );
  const found = at >= 0 ? at : top;
  if (found < 0) return undefined;
  const message = (lines[found] ?? "").replace(/^\s*Caused by: |^:\s*/, "").trim();
  const stack = lines.slice(found + 1).findIndex((text) => !/^\s+(at |\.\.\. )/.test(text));
  const end = stack < 0 ? lines.length : found + 1 + stack;
  return { message, excerpt: lines.slice(found, end).join("\n") };
}

function lastLineOf(block: readonly string[], script: string): number | undefined {
  const frames = block.map((text) => frame.exec(text)).filter((match) => match !== null);
  const own = frames.findLast(([, file = ""]) => basename(file) === script);
  return own === undefined ? undefined : Number(own[2]);
}

/** The last lines, at most three, of a log that has no exception; Spark's own chatter is left out. */
export function lastWords(log = ""): string {
  const lines = log
    .split(/\r?\n/)
    .filter((text) => text.trim() !== "" && !/^\S+ \S+ (INFO|WARN) /.test(text));
  return lines.slice(-3).join("\n");
}

/** Where the cause is in the user's own copy of the script. */
export function placeOf(cause: LogCause | undefined, localFile: string | undefined): Place | undefined {
  if (localFile === undefined) return undefined;
  return cause?.line === undefined ? { file: localFile } : { file: localFile, line: cause.line };
}
