import { join } from "node:path";
import { runChecks, type CheckResult } from "../athena/index.ts";
import { countOf, formatBytes, runStep, settleAll } from "../core/index.ts";
import { loadContracts, type Contract } from "../contracts/index.ts";
import type { Bindings } from "../lake/index.ts";
import { table, type Finding } from "../report/index.ts";
import type { RunStep } from "./step.ts";

/** Runs the checks of contract files or folders of them; findings tell what failed. */
export const runContracts: RunStep<{ readonly paths: readonly string[] }> = async (
  { paths },
  { environment, bindings },
  context,
) => {
  const contracts = (
    await Promise.all(paths.map((path) => loadContracts(join(environment.lake.directory, path))))
  ).flat();
  const zoneDatabases = new Map(
    [...bindings.zones.values()].flatMap(({ name, database }) =>
      database === undefined ? [] : [[name, database] as const],
    ),
  );
  const results = await settleAll(
    contracts.map((contract) =>
      runStep(context, "check", contract.name, async (step) => {
        const database = databaseOf(contract, zoneDatabases);
        const { workgroup, results: outputLocation } = bindings;
        const result = await runChecks(
          { contract, database, zoneDatabases, workgroup, outputLocation },
          step,
        );
        const failed = result.checks.filter((check) => check.outcome === "failed").length;
        const text =
          failed === 0
            ? `${countOf(result.checks.length, "check")} passed`
            : `${failed} of ${result.checks.length} checks failed`;
        step.conclude(text, failed === 0 ? "done" : "failed");
        return result;
      }),
    ),
  );
  return {
    sections: [summarise(results)],
    findings: results.flatMap((result): readonly Finding[] => result.findings),
    data: {
      checks: results.map(({ contract, checks, bytesScanned }) => ({
        contract: contract.name,
        checks,
        bytesScanned,
      })),
    },
  };
};
