import type { CheckRun } from "../athena/index.ts";
import { renderJUnit } from "../report/index.ts";

/** Check runs as JUnit XML: a suite a contract or SQL file, a case a check. */
export function renderChecksAsJUnit(runs: readonly CheckRun[]): string {
  return renderJUnit(
    runs.map(({ contract, results }) => ({
      name: contract,
      cases: results.map(({ table, name, outcome, why, fix, place, severity }) => ({
        name,
        className: table,
        file: place.file,
        line: place.line,
        ...(outcome === "failed" && severity === "error"
          ? { failure: { message: why, text: fix ?? "" } }
          : {}),
        ...(outcome === "not run" || (outcome === "failed" && severity !== "error") ? { skipped: why } : {}),
      })),
    })),
  );
}
