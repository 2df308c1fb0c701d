import { expect } from "vitest";
import type { Reason } from "../../src/core/index.ts";
import type { ActionOutcome } from "../support/run-action.ts";

/** How an action is to fail. */
export interface ExpectedFailure {
  /** The exit code. Default: 1. */
  readonly code?: number;
  readonly reason: Reason;
  /** The annotation's title. */
  readonly title: string;
  /** What the annotation's message says. */
  readonly says: string | RegExp;
  /** Where it marks the repository; nothing is to be marked if left out. */
  readonly file?: string;
  readonly line?: number;
}

/**
 * Holds an action's end to what everybody looks at after a failure: exit code, outputs, one annotation in the right
 * place, and a report that says the same.
 */
export function expectFailure(result: ActionOutcome, expected: ExpectedFailure): void {
  const { code = 1, reason, title, says, file, line } = expected;
  expect(result.outputs, result.log).toMatchObject({ verdict: "failed", "failure-reason": reason });
  expect(result.code).toBe(code);
  const errors = result.annotations.filter(({ level }) => level === "error");
  const places = errors.map(({ title: heading, file: marked, line: at }) => ({
    title: heading,
    file: marked,
    line: at === undefined ? undefined : Number(at),
  }));
  expect(places, errors[0]?.message).toEqual([{ title, file, line }]);
  if (typeof says === "string") expect(errors[0]?.message).toContain(says);
  else expect(errors[0]?.message).toMatch(says);
  expect(result.report).toMatchObject({ verdict: "failed", failure: { reason } });
  expect(result.summary).not.toBe("");
  // A stack of JavaScript is for those who make this, not for those who use it.
  expect(result.log).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
}
