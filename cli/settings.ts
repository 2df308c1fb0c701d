import { createClients, LakeError, version, type Clients, type Host } from "../src/core/index.ts";
import { lakeFileName, loadLake, selectEnvironment, type Environment } from "../src/lake/index.ts";
import { localEnvironment, requireLocalLake } from "../src/local/index.ts";

/** The options that every verb has on the command line, as commander parses them. */
export interface CommonOptions {
  readonly environment?: string;
  readonly lake?: string;
  readonly region?: string;
  readonly parameter?: string[];
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
  readonly GITHUB_REPOSITORY?: string;
  readonly GITHUB_RUN_ID?: string;
}

/** Whether AWS calls are to be told too: DEBUG=true or LOG_LEVEL=DEBUG. */
export function isDebug({ DEBUG, LOG_LEVEL }: Surroundings): boolean {
  return DEBUG?.toLowerCase() === "true" || LOG_LEVEL?.toUpperCase() === "DEBUG";
}

/** Reads lake.yaml and picks the environment: the flag, else ENVIRONMENT, else dev. */
export async function openEnvironment(options: CommonOptions, around: Surroundings): Promise<Environment> {
  const lake = await loadLake(options.lake ?? lakeFileName, { name: blankless(around.PROJECT_PREFIX) });
  const name = options.environment ?? blankless(around.ENVIRONMENT) ?? "dev";
  return selectEnvironment(lake, name, {
    region: options.region,
    parameters: parseParameters(options.parameter ?? []),
  });
}

/** `layer.Parameter=value`, once for each `--parameter`. */
function parseParameters(given: readonly string[]): Record<string, Record<string, string>> {
  const parameters: Record<string, Record<string, string>> = {};
  for (const text of given) {
    const [, layer, name, value] = /^([a-z][a-z0-9-]*)\.([A-Za-z0-9]+)=(.*)$/s.exec(text) ?? [];
    if (layer === undefined || name === undefined || value === undefined) {
      throw new LakeError(
        "invalid-input",
        `--parameter "${text}" is not understood; write layer.Parameter=value`,
      );
    }
    parameters[layer] = { ...parameters[layer], [name]: value };
  }
  return parameters;
}

/** AWS clients for the environment: at the local lake with `--local`, else wherever the standard variables lead. */
export async function openClients(
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
