import type { Context } from "../core/index.ts";
import type { Bindings, Environment, LiveOutputs } from "../lake/index.ts";
import type { Finding, Section } from "../report/index.ts";

/** Where a step of the pipeline runs. */
export interface Place {
  readonly environment: Environment;
  readonly bindings: Bindings;
  /** The outputs of every layer that is there. */
  readonly outputs: LiveOutputs;
}

/** What a step found and did. */
export interface StepResult<Data = Readonly<Record<string, unknown>>> {
  readonly sections: readonly Section[];
  readonly findings: readonly Finding[];
  /** What `--json` prints. */
  readonly data: Data;
}

/** Runs one kind of step with what lake.yaml, or a verb's inputs, say. */
export type RunStep<Settings, Data = Readonly<Record<string, unknown>>> = (
  settings: Settings,
  place: Place,
  context: Context,
) => Promise<StepResult<Data>>;
