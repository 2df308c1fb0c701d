import { createClients, version, type Clients, type Host } from "../src/core/index.ts";
import type { Environment } from "../src/lake/index.ts";
import { localEnvironment, requireLocalLake } from "../src/local/index.ts";
import type { Surroundings as VerbSurroundings } from "../src/verbs/index.ts";

/** The options that every verb has on the command line beside its inputs, as commander parses them. */
export interface CommonOptions {
  readonly lake?: string;
  readonly local?: boolean;
  readonly json?: boolean;
  readonly trace?: string;
}

/** The variables that the command line reads. */
export interface Surroundings {
  readonly [name: string]: string | undefined;
  readonly ENVIRONMENT?: string;
  readonly PROJECT_PREFIX?: string;
  readonly DEBUG?: string;
  readonly LOG_LEVEL?: string;
  readonly AWS_ENDPOINT_URL?: string;
  readonly AWS_REGION?: string;
  readonly AWS_DEFAULT_REGION?: string;
  readonly GITHUB_REPOSITORY?: string;
  readonly GITHUB_RUN_ID?: string;
}

/** Whether AWS calls are to be told too: DEBUG=true or LOG_LEVEL=DEBUG. */
export function isDebug({ DEBUG, LOG_LEVEL }: Surroundings): boolean {
  return DEBUG?.toLowerCase() === "true" || LOG_LEVEL?.toUpperCase() === "DEBUG";
}

/** What the verbs are told of the command line's surroundings. */
export function surroundingsOf(
  options: CommonOptions,
  around: Surroundings,
  run: { readonly host: Host; readonly signal: AbortSignal },
): VerbSurroundings {
  return {
    name: blankless(around.PROJECT_PREFIX),
    environment: blankless(around.ENVIRONMENT),
    region: blankless(around.AWS_REGION) ?? blankless(around.AWS_DEFAULT_REGION),
    repository: around.GITHUB_REPOSITORY,
    local: options.local === true,
    connect: (environment) => connect(environment, options, around, run),
  };
}

/** AWS clients for the environment: at the local lake with `--local`, else wherever the standard variables lead. */
async function connect(
  environment: Environment,
  options: CommonOptions,
  around: Surroundings,
  { host, signal }: { readonly host: Host; readonly signal: AbortSignal },
): Promise<Clients> {
  const settings = { region: environment.region, runId: around.GITHUB_RUN_ID };
  if (options.local !== true)
    return createClients({ ...settings, endpoint: blankless(around.AWS_ENDPOINT_URL) }, host);
  const lake = await requireLocalLake(environment.lake.directory, signal);
  const { set } = localEnvironment(lake, environment.region, {});
  const { endpoint } = lake;
  const credentials = {
    accessKeyId: set["AWS_ACCESS_KEY_ID"] ?? "",
    secretAccessKey: set["AWS_SECRET_ACCESS_KEY"] ?? "",
  };
  return createClients({ ...settings, endpoint, credentials }, host);
}

function blankless(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text;
}

/** `datalake 0.1.0`. */
export const versionText = `datalake ${version}`;
