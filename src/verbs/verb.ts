import type { Context, Inputs, Values } from "../core/index.ts";
import type { Environment } from "../lake/index.ts";
import type { Report } from "../report/index.ts";

/** What a verb returns: for people, and for programs. */
export interface VerbResult {
  readonly report: Report;
  /** What `--json` prints beside the verdict. */
  readonly data: Readonly<Record<string, unknown>>;
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
  rest: Pick<Report, "verdict" | "headline"> & Partial<Pick<Report, "sections" | "findings">>,
): Report {
  const { lake, name } = environment;
  return {
    version: 1,
    verb,
    lake: lake.name,
    environment: name,
    sections: [],
    findings: [],
    timings: [],
    ...rest,
  };
}
