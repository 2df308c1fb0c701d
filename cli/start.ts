import { formatDuration, LakeError } from "../src/core/index.ts";
import { lakeFileName, loadLake } from "../src/lake/index.ts";
import { startLocalLake } from "../src/local/index.ts";
import type { Section } from "../src/report/index.ts";
import { withoutAws } from "./local-commands.ts";
import { execute, tellRun, type RunContext } from "./run-verb.ts";
import type { CommonOptions } from "./settings.ts";

/** `datalake start`: starts the local lake, deploys every layer on it, runs the pipeline, and says where to look next. */
export async function runStart(options: CommonOptions): Promise<void> {
  process.exitCode = await tellRun({ ...options, local: true }, process.env, (context) =>
    start(options, context),
  );
}

async function start(options: CommonOptions, context: RunContext) {
  const begun = context.clock.now();
  const { directory } = await loadLake(options.lake ?? lakeFileName);
  const python = process.env["DATALAKE_PYTHON"];
  await startLocalLake({ directory, python, variables: process.env }, withoutAws(context));
  const raw = { lake: options.lake, full: "true" };
  const typed = { verb: "deploy", options: { ...options, local: true }, raw } as const;
  const result = await execute(typed, process.env, context).catch((error: unknown) => {
    throw error instanceof LakeError ? withLogHint(error) : error;
  });
  const took = formatDuration(context.clock.now() - begun);
  const sections = [...result.report.sections, whereToLookNext()];
  return {
    ...result,
    report: { ...result.report, headline: `${result.report.headline}, in ${took}`, sections },
  };
}

function withLogHint(error: LakeError): LakeError {
  const hint = `${error.hint ?? ""} The local lake goes on; its log: npx datalake local logs.`.trim();
  return new LakeError(error.reason, error.message, {
    hint,
    place: error.place,
    mistakes: error.mistakes,
    cause: error,
  });
}

function whereToLookNext(): Section {
  return {
    kind: "text",
    title: "Next",
    lines: [
      "npx datalake status --local                      layers, zones, tables, what runs now",
      'npx datalake query --local "SELECT * FROM {clean}.orders LIMIT 5"',
      'eval "$(npx datalake local env)"                 lead the AWS CLI and any SDK here',
      "npx datalake destroy --local --deep-clean        delete everything again",
      "npx datalake local stop                          end the local lake",
    ],
  };
}
