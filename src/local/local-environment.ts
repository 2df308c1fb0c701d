import type { LocalLake } from "./lake-state.ts";
import type { Variables } from "./run-program.ts";

/** Changes to a caller's environment variables. */
export interface VariableChanges {
  readonly set: Readonly<Record<string, string>>;
  readonly unset: readonly string[];
}

/** Variables that would win over the endpoint and keys of the local lake, or contradict them. */
const contrary = [
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_SESSION_TOKEN",
  "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
  "AWS_USE_FIPS_ENDPOINT",
  "AWS_USE_DUALSTACK_ENDPOINT",
];

/**
 * The standard variables that lead every AWS SDK and the AWS CLI to the local lake, with keys that open nothing
 * elsewhere.
 *
 * @param variables the caller's: endpoints that it names for single services (`AWS_ENDPOINT_URL_S3`) are unset too.
 */
export function localEnvironment(lake: LocalLake, region: string, variables: Variables): VariableChanges {
  const ofServices = Object.keys(variables).filter((name) => /^AWS_ENDPOINT_URL_\w+$/.test(name));
  return {
    set: {
      AWS_ENDPOINT_URL: lake.endpoint,
      AWS_ACCESS_KEY_ID: "local-lake",
      AWS_SECRET_ACCESS_KEY: "local-lake",
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_EC2_METADATA_DISABLED: "true",
    },
    unset: [...contrary, ...ofServices],
  };
}

/** The changes as lines for a POSIX shell's `eval`. */
export function formatExports({ set, unset }: VariableChanges): string {
  const exports = Object.entries(set).map(([name, value]) => `export ${name}=${quote(value)}`);
  return [...exports, `unset ${unset.join(" ")}`].map((line) => `${line}\n`).join("");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
