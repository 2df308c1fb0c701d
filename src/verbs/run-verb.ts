import { parseInputs, type Clients, type Context, type Inputs } from "../core/index.ts";
import { secretsOf, type Environment } from "../lake/index.ts";
import { commonInputs, stackInputs } from "./common-inputs.ts";
import { openEnvironment } from "./open-environment.ts";
import type { Verb, VerbResult } from "./verb.ts";

/** What surrounds a run of a verb and is no input of it; whoever starts it reads its own variables for this. */
export interface Surroundings {
  /** PROJECT_PREFIX. */
  readonly name?: string | undefined;
  /** ENVIRONMENT. */
  readonly environment?: string | undefined;
  /** AWS_REGION or AWS_DEFAULT_REGION. */
  readonly region?: string | undefined;
  /** `owner/name` of the repository that runs it. */
  readonly repository?: string | undefined;
  /** Whether AWS is the local lake, so that the report says what it cannot tell. */
  readonly local: boolean;
  /** Makes the clients for an environment. */
  connect(environment: Environment): Promise<Clients>;
}

/** A verb and the texts of its inputs and of the common ones. */
export interface Invocation {
  readonly verb: Verb;
  readonly raw: Readonly<Record<string, string | undefined>>;
}

/**
 * Parses the inputs, opens the environment and its AWS, and runs the verb.
 *
 * @throws LakeError `invalid-input` with every bad input at once, and whatever the verb throws.
 */
export async function runVerb(
  { verb, raw }: Invocation,
  surroundings: Surroundings,
  context: Omit<Context, "clients">,
): Promise<VerbResult> {
  const all: Inputs = { ...commonInputs, ...verb.inputs };
  const inputs = parseInputs(all, raw);
  const environment = await openEnvironment({
    ...parseInputs(commonInputs, pick(raw, commonInputs)),
    ...("stack" in verb.inputs ? parseInputs(stackInputs, pick(raw, stackInputs)) : {}),
    needsTemplate: "template" in verb.inputs,
    lakeless: verb.lakeless === true,
    name: surroundings.name,
    usualEnvironment: surroundings.environment,
    usualRegion: surroundings.region,
  });
  secretsOf(environment).forEach((secret) => {
    context.host.mask(secret);
  });
  const clients = await surroundings.connect(environment);
  try {
    const request = { environment, inputs, repository: surroundings.repository };
    const result = await verb.run(request, { ...context, clients });
    return surroundings.local && verb.changes ? withBlindSpots(result) : result;
  } finally {
    clients.close();
  }
}

function pick(raw: Invocation["raw"], inputs: Inputs): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(raw).filter(([name]) => Object.hasOwn(inputs, name)));
}

/** What a green run on this machine cannot tell about AWS. */
function withBlindSpots(result: VerbResult): VerbResult {
  const lines = [
    "IAM and Lake Formation permissions: every call is allowed here.",
    "Quotas, prices and the time that AWS takes. local-lake/BEHAVIOUR.md lists each difference.",
  ];
  const section = { kind: "text", title: "Not checked on this machine", lines } as const;
  const { report } = result;
  return {
    ...result,
    report: { ...report, sections: [...report.sections, { ...section, lines: [...lines] }] },
  };
}
