import { LakeError, listWords, parseDuration } from "../core/index.ts";
import type { Lake } from "./load-lake.ts";
import type { EnvironmentSettings, LayerSettings, ParameterValue } from "./schema.ts";
import { isNoEcho, type Template } from "./template.ts";

/** One CloudFormation stack of an environment. */
export interface Layer {
  readonly name: string;
  /** The stack's name in AWS. */
  readonly stack: string;
  readonly group: LayerSettings["group"];
  readonly scope: LayerSettings["scope"];
  readonly needs: readonly string[];
  /** Absent for a layer that only names a stack somebody else owns: it is read, never changed. */
  readonly template: Template | undefined;
  /** From lake.yaml: the layer's own values and the environment's, which win. */
  readonly parameters: ReadonlyMap<string, GivenParameter>;
}

/** A parameter's value that somebody wrote down. */
export interface GivenParameter {
  readonly value: ParameterValue;
  readonly from: "input" | "environment" | "layer";
}

/** One copy of the lake. */
export interface Environment {
  readonly lake: Lake;
  readonly name: string;
  readonly region: string;
  readonly account: string | undefined;
  readonly protected: boolean;
  readonly ephemeral: boolean;
  /** How long an ephemeral environment lives, in milliseconds. */
  readonly ttl: number | undefined;
  /** Every layer of the lake, also those this environment does not deploy. */
  readonly layers: ReadonlyMap<string, Layer>;
  /** Names of the layers that this environment deploys and deletes. */
  readonly own: readonly string[];
}

/** What a run changes about an environment. */
export interface EnvironmentOverrides {
  readonly region?: string | undefined;
  /** Parameters from inputs, by layer. */
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * Picks an environment of the lake: by its exact name, else by the longest prefix pattern (`pr-*`) that fits.
 *
 * @throws LakeError `invalid-input` when lake.yaml has no such environment.
 */
export function selectEnvironment(
  lake: Lake,
  name: string,
  overrides: EnvironmentOverrides = {},
): Environment {
  const settings = findSettings(lake, name);
  const layers = Object.entries(lake.settings.layers).map(([layer, layerSettings]) =>
    makeLayer(lake, name, layer, layerSettings, settings, overrides),
  );
  const allowed = settings.layers ?? layers.map((layer) => layer.name);
  return {
    lake,
    name,
    region: overrides.region ?? settings.region ?? lake.settings.region,
    account: settings.account,
    protected: settings.protected,
    ephemeral: settings.ephemeral,
    ttl: settings.ttl === undefined ? undefined : parseDuration(settings.ttl),
    layers: new Map(layers.map((layer) => [layer.name, layer])),
    own: layers
      .filter((layer) => layer.template !== undefined && allowed.includes(layer.name))
      .filter((layer) => !(settings.ephemeral && layer.scope === "account"))
      .map((layer) => layer.name),
  };
}

function findSettings(lake: Lake, name: string): EnvironmentSettings {
  const { environments } = lake.settings;
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new LakeError(
      "invalid-input",
      `"${name}" is no environment's name; allowed are a-z, 0-9 and hyphens`,
    );
  }
  if (Object.hasOwn(environments, name) && environments[name]) return environments[name];
  const [pattern] = Object.keys(environments)
    .filter((key) => key.endsWith("*") && name.startsWith(key.slice(0, -1)))
    .sort((a, b) => b.length - a.length);
  const settings = pattern === undefined ? undefined : environments[pattern];
  if (settings) return settings;
  throw new LakeError("invalid-input", `lake.yaml has no environment "${name}"`, {
    hint: `It has ${listWords(Object.keys(environments))}.`,
    place: lake.place("environments"),
  });
}

function makeLayer(
  lake: Lake,
  environment: string,
  name: string,
  settings: LayerSettings,
  of: EnvironmentSettings,
  overrides: EnvironmentOverrides,
): Layer {
  const parameters = new Map<string, GivenParameter>();
  const add = (
    from: GivenParameter["from"],
    values: Readonly<Record<string, ParameterValue>> | undefined,
  ) => {
    for (const [key, value] of Object.entries(values ?? {})) parameters.set(key, { value, from });
  };
  add("layer", settings.parameters);
  add("environment", of.parameters[name]);
  add("input", overrides.parameters?.[name]);
  const usual = settings.scope === "account" ? `${lake.name}-${name}` : `${lake.name}-${name}-${environment}`;
  return {
    name,
    stack:
      settings.stack?.replaceAll("${lake}", lake.name).replaceAll("${environment}", environment) ?? usual,
    group: settings.group,
    scope: settings.scope,
    needs: settings.needs,
    template: lake.templates.get(name),
    parameters,
  };
}

/** The values that somebody wrote down for parameters that must not be shown. */
export function secretsOf(environment: Environment): string[] {
  return [...environment.layers.values()].flatMap(({ template, parameters }) =>
    [...parameters]
      .filter(([name]) => {
        const declared = template?.body.Parameters[name];
        return declared !== undefined && isNoEcho(declared);
      })
      .map(([, { value }]) => String(value)),
  );
}
