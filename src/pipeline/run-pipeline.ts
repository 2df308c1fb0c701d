import { LakeError, note, parseDuration, type Context } from "../core/index.ts";
import type { StepSettings } from "../lake/index.ts";
import { runContracts } from "./check-step.ts";
import { runCrawl } from "./crawl-step.ts";
import { runJob } from "./job-step.ts";
import { readSqlFile, runQuestion } from "./query-step.ts";
import type { Place, StepResult } from "./step.ts";
import { runUpload } from "./upload-step.ts";

/** How long a step may take where lake.yaml does not say, in milliseconds. */
const usualWithin = 30 * 60_000;

/** A step's result, numbered from 1. */
export interface NumberedResult extends StepResult {
  readonly number: number;
  readonly name: string;
}

/** One step of lake.yaml in a few words: its name, or what it does. */
function nameOfStep(step: StepSettings): string {
  if (step.name !== undefined) return step.name;
  if (step.upload !== undefined) return `upload ${step.upload}`;
  if (step.crawl) return `crawl ${step.crawl.join(", ")}`;
  if (step.check) return `check ${step.check.join(", ")}`;
  return step.job === undefined ? `query ${step.query ?? ""}` : `job ${step.job}`;
}

/**
 * Runs the pipeline's steps one after the other, from step `from` (counted from 1). A step that throws ends the run;
 * so do failed checks, once every check of their step has run.
 *
 * @throws LakeError whatever the step threw; its hint says how to begin again at that step.
 */
export async function runPipeline(
  steps: readonly StepSettings[],
  from: number,
  place: Place,
  context: Context,
): Promise<NumberedResult[]> {
  if (!Number.isInteger(from) || from < 1 || from > Math.max(steps.length, 1)) {
    throw new LakeError("invalid-input", `there is no step ${from}; the pipeline has ${steps.length}`);
  }
  const results: NumberedResult[] = [];
  for (const [at, step] of steps.entries()) {
    const number = at + 1;
    if (number < from) continue;
    const result = await runOneStep(step, place, context).catch((error: unknown) => {
      throw withResumeHint(error, number);
    });
    results.push({ ...result, number, name: nameOfStep(step) });
    if (result.findings.some((finding) => finding.severity === "error")) {
      if (number < steps.length)
        note(context, "warning", `the pipeline ends here: checks failed in step ${number}`);
      break;
    }
  }
  return results;
}

async function runOneStep(step: StepSettings, place: Place, context: Context): Promise<StepResult> {
  const within = step.within === undefined ? usualWithin : parseDuration(step.within);
  if (step.upload !== undefined) return runUpload({ folder: step.upload, to: step.to ?? "" }, place, context);
  if (step.crawl) return runCrawl({ zones: step.crawl, within }, place, context);
  if (step.check) return runContracts({ paths: step.check }, place, context);
  if (step.job !== undefined) {
    const conf = Object.entries(step.conf ?? {}).map(([key, value]) => [key, String(value)] as const);
    return runJob(
      { script: step.job, arguments: step.arguments, conf: Object.fromEntries(conf), within },
      place,
      context,
    );
  }
  const file = step.query ?? "";
  const sql = await readSqlFile(place.environment.lake.directory, file);
  return runQuestion(
    { sql, file, title: step.title ?? file, chart: step.chart, limit: 1000 },
    place,
    context,
  );
}

function withResumeHint(error: unknown, number: number): unknown {
  if (!(error instanceof LakeError)) return error;
  const resume = number === 1 ? "" : ` Then go on with \`datalake pipeline --from ${number}\`.`;
  return new LakeError(error.reason, error.message, {
    hint: `${error.hint ?? "Mend what the message names."}${resume}`,
    place: error.place,
    cause: error,
    mistakes: error.mistakes,
  });
}
