import { declare, LakeError, type Inputs } from "../core/index.ts";
import { commonInputs, loadVerb, type Outputs, type Verb, type VerbName } from "../verbs/index.ts";

/** What an action is, as data: action.yml, the tables of its README, and the parsing come from it. */
export interface Action<T extends Inputs = Inputs> {
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** The inputs of the action itself. */
  readonly inputs: T;
  readonly outputs: Outputs;
  /** Whether something could be left running, so that a `post` step looks after it. */
  readonly post: boolean;
}

/** How an action is made from verbs. */
export interface VerbActionDeclaration {
  readonly name: string;
  readonly description: string;
  /** The verb by the value of the input `mode`, the usual one first; a single one needs no such input. */
  readonly modes: Readonly<Record<string, VerbName>>;
  /** What the modes do, where there are several. */
  readonly modesDescription?: string;
  /** Inputs of the verbs that make no sense where nobody can answer. */
  readonly without?: readonly string[];
  readonly post: boolean;
}

/** An action that runs a verb. */
export interface VerbAction extends Action {
  /** The verb that the texts of the inputs ask for. */
  pick(raw: Readonly<Record<string, string | undefined>>): Verb;
}

/** The inputs by which every action tells how it went. */
export const reportingInputs = declare({
  comment: {
    kind: "flag",
    default: "false",
    description: "Also post the report as a comment on the pull request, and keep it up to date.",
  },
  token: {
    kind: "text",
    default: "${{ github.token }}",
    description: "The token for the comment: it needs `pull-requests: write`.",
  },
});

/** The outputs that every action sets, however it ends. */
export const commonOutputs = {
  verdict: "passed, changed, unchanged or failed.",
  "failure-reason": "Why it failed: one of docs/failure-reasons.md; empty if it did not.",
  "report-file": "The path of the report as JSON.",
} as const;

/** Makes an action of a declaration: its inputs and outputs are those of its verbs and those that all actions have. */
export async function makeVerbAction(declaration: VerbActionDeclaration): Promise<VerbAction> {
  const { name, description, modes, modesDescription = "", without = [], post } = declaration;
  const entries = await Promise.all(
    Object.entries(modes).map(async ([mode, verb]) => [mode, await loadVerb(verb)] as const),
  );
  const verbs = new Map(entries);
  const ofVerbs: Inputs = Object.assign({}, ...[...verbs.values()].map((verb) => verb.inputs)) as Inputs;
  const kept = Object.entries(ofVerbs).filter(([input]) => !without.includes(input));
  const modeNames = [...verbs.keys()];
  const usual = modeNames[0] ?? "";
  const mode: Inputs =
    modeNames.length < 2
      ? {}
      : { mode: { kind: "text", choices: modeNames, default: usual, description: modesDescription } };
  const outputs = Object.assign({}, ...[...verbs.values()].map((verb) => verb.outputs)) as Outputs;
  return {
    name,
    description,
    inputs: { ...mode, ...Object.fromEntries(kept), ...commonInputs, ...reportingInputs },
    outputs: { ...outputs, ...commonOutputs },
    post,
    pick: ({ mode: given = "" }) => {
      const verb = verbs.get(given.trim() === "" ? usual : given.trim());
      if (verb) return verb;
      throw new LakeError(
        "invalid-input",
        `mode: "${given}" is not allowed; allowed are ${modeNames.join(", ")}`,
      );
    },
  };
}
