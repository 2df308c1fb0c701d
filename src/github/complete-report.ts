import type { LakeError, LakeEvent } from "../core/index.ts";
import { timingsOf, type Failure, type Report } from "../report/index.ts";
import type { Action } from "./action.ts";
import { readRun, type RunnerVariables } from "./runner-variables.ts";

/** The report of an action that ended with an error. */
export function failureReport(
  { name }: Pick<Action, "name">,
  error: LakeError | undefined,
  raw: Readonly<Record<string, string | undefined>>,
  variables: RunnerVariables,
): Report {
  const environment = [raw["environment"], variables["ENVIRONMENT"], "dev"].find((text) => text?.trim());
  return {
    version: 1,
    verb: name,
    environment,
    verdict: "failed",
    headline: error?.message ?? "it failed",
    sections: [],
    findings: [],
    timings: [],
    ...(error ? { failure: describe(error) } : {}),
  };
}

function describe({ reason, message, hint, place, mistakes }: LakeError): Failure {
  return {
    reason,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(place === undefined ? {} : { place: { ...place } }),
    mistakes: mistakes.map((mistake) => ({
      message: mistake.message,
      ...(mistake.place === undefined ? {} : { place: { ...mistake.place } }),
    })),
  };
}

/** What a run adds to the report of its verb: how long everything took, and which run it was. */
export function completeReport(
  report: Report,
  run: {
    readonly events: readonly LakeEvent[];
    /** Milliseconds since the epoch. */
    readonly begun: number;
    readonly ended: number;
    readonly variables: RunnerVariables;
  },
): Report {
  const ofRun = readRun(run.variables);
  return {
    ...report,
    timings: timingsOf(run.events),
    startedAt: new Date(run.begun).toISOString(),
    milliseconds: run.ended - run.begun,
    ...(ofRun ? { run: ofRun } : {}),
  };
}
