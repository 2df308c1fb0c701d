import { countOf, LakeError } from "../core/index.ts";
import { runContracts, type CheckData } from "../pipeline/index.ts";
import { renderChecksAsJUnit } from "./checks-as-junit.ts";
import { guardAccount } from "./guard-account.ts";
import { openPlace } from "./open-place.ts";
import { defineVerb, reportStep } from "./verb.ts";

/** Runs the checks of contracts and SQL files on Athena. */
export const check = defineVerb({
  name: "check",
  summary: "run the checks of contracts (ODCS 3.1) and SQL files on Athena",
  inputs: {
    contracts: {
      kind: "list",
      positional: true,
      description: "Contract files or folders; those of the pipeline if nothing is named.",
    },
    sql: { kind: "list", description: "SQL files that pass when they return no rows." },
    database: {
      kind: "text",
      description: "The Glue database; default: that of the zone which a contract's folder names.",
    },
    workgroup: { kind: "text", description: "The Athena workgroup, over the lake's." },
    results: {
      kind: "text",
      description: "Where Athena puts results, s3://…/, unless its workgroup says it.",
    },
    "junit-file": { kind: "path", description: "Also write the results there, as JUnit XML." },
  },
  outputs: {
    passed: "How many checks passed.",
    failed: "How many checks failed.",
    "not-run": "How many checks were not run.",
    "bytes-scanned": "Bytes that Athena read.",
  },
  changes: false,
  lakeless: true,
  async run({ environment, inputs }, context) {
    const { contracts, sql, database, workgroup, results } = inputs;
    const ofPipeline = environment.lake.settings.pipeline.flatMap((step) => step.check ?? []);
    const paths = contracts ?? (sql === undefined ? ofPipeline : []);
    if (paths.length === 0 && sql === undefined)
      throw new LakeError("invalid-input", "no contract is named, and the pipeline has none");
    await guardAccount(environment, context);
    const place = await openPlace(environment, context, { workgroup, results });
    const result = await runContracts({ paths, sql, database }, place, context);
    const outputs = count(result.data);
    const file = inputs["junit-file"];
    const files = file === undefined ? {} : { [file]: renderChecksAsJUnit(result.data.contracts) };
    return { ...reportStep("check", environment, headlineOf(result.data), result), outputs, files };
  },
});

function headlineOf({ contracts }: CheckData): string {
  const failed = contracts.flatMap((run) => run.results).filter(({ outcome }) => outcome === "failed");
  const wrong = failed.filter(({ severity }) => severity === "error").length;
  if (wrong > 0) return `${countOf(wrong, "check")} failed`;
  return failed.length === 0 ? "every check passed" : `no check failed, ${countOf(failed.length, "warning")}`;
}

function count({ contracts }: CheckData) {
  const results = contracts.flatMap((run) => run.results);
  const of = (outcome: string) => String(results.filter((one) => one.outcome === outcome).length);
  const bytes = contracts.reduce((sum, { bytesScanned }) => sum + bytesScanned, 0);
  return {
    passed: of("passed"),
    failed: of("failed"),
    "not-run": of("not run"),
    "bytes-scanned": String(bytes),
  };
}
