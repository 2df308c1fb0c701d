import type { CheckRun } from "../athena/index.ts";
import { renderJUnit, type JUnitOutcome } from "../report/index.ts";

type Result = CheckRun["results"][number];

/** Check runs as JUnit XML: a suite a contract or SQL file, a case a check. */
export function renderChecksAsJUnit(runs: readonly CheckRun[]): string {
  return renderJUnit(
    runs.map(({ contract, results }) => ({
      name: contract,
      cases: results.map((result) => ({
        name: result.name,
        classname: result.table,
        file: result.place.file,
        line: result.place.line,
        outcome: outcomeOf(result),
      })),
    })),
  );
}

/** A check that only warns does not fail a build, and JUnit has no word for it but `skipped`. */
function outcomeOf({ outcome, severity, why, fix }: Result): JUnitOutcome | undefined {
  if (outcome === "passed") return undefined;
  if (outcome === "failed" && severity === "error") return { kind: "failure", message: why, text: fix };
  return { kind: "skipped", message: why };
}
