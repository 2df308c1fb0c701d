import type { Context, Inputs, Values } from "../core/index.ts";
import type { Environment } from "../lake/index.ts";
import type { StepResult } from "../pipeline/index.ts";
import type { Finding, Report, Section } from "../report/index.ts";

/** What a verb returns: for people, and for programs. */
export interface VerbResult {
  readonly report: Report;
  /** What `--json` prints beside the verdict. */
  readonly data: Readonly<Record<string, unknown>>;
  /** What stdout gets in the place of the report, for output that is read by programs. */
  readonly output?: string;
}

/** What a verb works on. */
export interface VerbRequest<T extends Inputs> {
  readonly environment: Environment;
  readonly inputs: Values<T>;
  /** `owner/name` of the repository that runs it. */
  readonly repository: string | undefined;
}

/** One capability of the product: an action's main and a CLI command are two thin ways into it. */
export interface Verb<T extends Inputs = Inputs> {
  readonly name: string;
  /** One line for `help` and for the action's description. */
  readonly summary: string;
  readonly inputs: T;
  /** Whether it changes something in AWS; such a verb first says account, region and endpoint. */
  readonly changes: boolean;
  /** Whether it works without AWS. */
  readonly offline?: boolean;
  run(request: VerbRequest<T>, context: Context): Promise<VerbResult>;
}

/** Declares a verb, keeping the literal types of its inputs; the result takes the inputs as parsed by them. */
export function defineVerb<const T extends Inputs>(verb: Verb<T>): Verb<T> {
  return verb;
}

/** Starts a report of an environment; sections, findings and timings are filled in by who has them. */
export function startReport(
  verb: string,
  environment: Environment,
  rest: Pick<Report, "verdict" | "headline"> & {
    sections?: readonly Section[];
    findings?: readonly Finding[];
  },
): Report {
  const { verdict, headline, sections = [], findings = [] } = rest;
  const whose = { lake: environment.lake.name, environment: environment.name };
  const parts = { sections: [...sections], findings: [...findings], timings: [] };
  return { version: 1, verb, ...whose, verdict, headline, ...parts };
}

/** The report of a verb that is one step of the pipeline run alone. */
export function reportStep(
  verb: string,
  environment: Environment,
  headline: string,
  result: StepResult,
): VerbResult {
  const { sections, findings, data } = result;
  const verdict = findings.some((finding) => finding.severity === "error") ? "failed" : "passed";
  return { report: startReport(verb, environment, { verdict, headline, sections, findings }), data };
}
