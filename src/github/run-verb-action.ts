import { createClients, type Host } from "../core/index.ts";
import { commonInputs, runVerb, type Surroundings } from "../verbs/index.ts";
import { makeVerbAction, type VerbActionDeclaration } from "./action.ts";
import { runAction } from "./run-action.ts";
import type { RemoteState } from "./remote-state.ts";
import type { RunnerVariables } from "./runner-variables.ts";

/** Runs an action that is made from verbs. */
export async function runVerbAction(declaration: VerbActionDeclaration): Promise<void> {
  const action = await makeVerbAction(declaration);
  await runAction(action, ({ raw, context, variables, remote }) => {
    const verb = action.pick(raw);
    const known = Object.keys({ ...verb.inputs, ...commonInputs }).filter((name) => name in action.inputs);
    const own = Object.fromEntries(known.map((name) => [name, raw[name]]));
    return runVerb({ verb, raw: own }, surroundingsOf(variables, context.host, remote), context);
  });
}

function surroundingsOf(
  variables: RunnerVariables,
  host: Host,
  remote: RemoteState | undefined,
): Surroundings {
  return {
    name: blankless(variables["PROJECT_PREFIX"]),
    environment: blankless(variables["ENVIRONMENT"]),
    region: blankless(variables["AWS_REGION"]) ?? blankless(variables["AWS_DEFAULT_REGION"]),
    repository: variables["GITHUB_REPOSITORY"],
    local: variables["DATALAKE_LOCAL_LAKE"] !== undefined,
    connect: ({ region }) => {
      remote?.at(region);
      const endpoint = blankless(variables["AWS_ENDPOINT_URL"]);
      return Promise.resolve(createClients({ region, endpoint, runId: variables["GITHUB_RUN_ID"] }, host));
    },
  };
}

function blankless(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text;
}
