import { existsSync, readFileSync } from "node:fs";
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
    lake: guessLakeName(raw, variables),
    environment,
    verdict: "failed",
    headline: error?.message ?? "it failed",
    sections: [],
    findings: [],
    timings: [],
    ...(error ? { failure: describe(error) } : {}),
  };
}

/**
 * The lake's name where its file need not be sound: a comment has to find its earlier self by it. What is no name is
 * left out.
 */
function guessLakeName(
  raw: Readonly<Record<string, string | undefined>>,
  variables: RunnerVariables,
): string | undefined {
  const given = [raw["stack"], variables["PROJECT_PREFIX"]].find((text) => text?.trim());
  if (given !== undefined) return given;
  const [file = "lake.yaml"] = [raw["lake"]?.trim()].filter((path) => path !== "");
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return /^name:[ \t]*["']?([A-Za-z][A-Za-z0-9-]*)/m.exec(text)?.[1];
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
