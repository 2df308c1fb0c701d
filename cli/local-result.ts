import type { Section } from "../src/report/index.ts";
import type { VerbResult } from "../src/verbs/index.ts";

/** The result of `datalake local <verb>`, which always passes: what fails is thrown. `data` is what `--json` adds. */
export function makeLocalResult(
  verb: string,
  headline: string,
  data: Readonly<Record<string, unknown>>,
  sections: readonly Section[] = [],
): VerbResult {
  return {
    report: {
      version: 1,
      verb: `local ${verb}`,
      verdict: "passed",
      headline,
      sections: [...sections],
      findings: [],
      timings: [],
    },
    data,
    outputs: {},
  };
}
