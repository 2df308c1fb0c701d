import type { Context, Inputs, Values } from "../core/index.ts";
import type { Environment } from "../lake/index.ts";
import type { StepResult } from "../pipeline/index.ts";
import type { Finding, Report, Section } from "../report/index.ts";

/** What a verb tells later steps of a workflow: names with what each says. */
export type Outputs = Readonly<Record<string, string>>;

/** What a verb returns: for people, and for programs. */
export interface VerbResult<O extends Outputs = Outputs> {
  readonly report: Report;
  /** What `--json` prints beside the verdict. */
  readonly data: Readonly<Record<string, unknown>>;
  /** What stdout gets in the place of the report, for output that is read by programs. */
  readonly output?: string;
  /** A value for each declared output. */
  readonly outputs: Readonly<Record<keyof O, string>>;
  /** Texts to write into files that inputs name, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** What a verb works on. */
export interface VerbRequest<T extends Inputs> {
  readonly environment: Environment;
  readonly inputs: Values<T>;
  /** `owner/name` of the repository that runs it. */
  readonly repository: string | undefined;
}

/** One capability of the product: an action's main and a CLI command are two thin ways into it. */
export interface Verb<T extends Inputs = Inputs, O extends Outputs = Outputs> {
  readonly name: string;
  /** One line for `help` and for the action's description. */
  readonly summary: string;
  readonly inputs: T;
  /** Declared once, like the inputs: the outputs of the action come from it. */
  readonly outputs: O;
  /** Whether it changes something in AWS; such a verb first says account, region and endpoint. */
  readonly changes: boolean;
  /** Whether it works without AWS. */
  readonly offline?: boolean;
  /** Whether its inputs can name everything, so that it works without a lake file. */
  readonly lakeless?: boolean;
  run(request: VerbRequest<T>, context: Context): Promise<VerbResult<O>>;
}

/** Declares a verb, keeping the literal types of its inputs and outputs; `run` takes and returns what they say. */
export function defineVerb<const T extends Inputs, const O extends Outputs>(verb: Verb<T, O>): Verb<T, O> {
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
  const lifetime: Report["lifetime"] = environment.ephemeral
    ? "ephemeral"
    : environment.protected
      ? "protected"
      : undefined;
  const whose = { lake: environment.lake.name, environment: environment.name, lifetime };
  const parts = { sections: [...sections], findings: [...findings], timings: [] };
  return { version: 1, verb, ...whose, verdict, headline, ...parts };
}

/** The report of a verb that is one step of the pipeline run alone. */
export function reportStep(
  verb: string,
  environment: Environment,
  headline: string,
  result: StepResult,
): Pick<VerbResult, "report" | "data"> {
  const { sections, findings, data } = result;
  const verdict = findings.some((finding) => finding.severity === "error") ? "failed" : "passed";
  return { report: startReport(verb, environment, { verdict, headline, sections, findings }), data };
}
