import type { Environment, Layer } from "./environment.ts";
import { evaluateText, type Scope } from "./evaluate.ts";

/** What a layer's template can see before it is deployed: its own values where they are plain text, and defaults. */
export function scopeOf(environment: Environment, layer: Layer): Scope {
  const template = layer.template?.body ?? {
    Parameters: {},
    Mappings: {},
    Conditions: {},
    Resources: {},
    Outputs: {},
  };
  const defaults = Object.entries(template.Parameters).map(([name, { Default }]) => [name, Default] as const);
  const given = [...layer.parameters]
    .map(([name, { value }]) => [name, Array.isArray(value) ? value.map(String) : String(value)] as const)
    .filter(([, value]) => !String(value).includes("${"));
  const values: Record<string, unknown> = {
    ...Object.fromEntries(defaults.filter(([, value]) => value !== undefined)),
    ProjectPrefix: environment.lake.name,
    Environment: environment.name,
    ...Object.fromEntries(given),
    "AWS::Region": environment.region,
    "AWS::StackName": layer.stack,
    "AWS::Partition": "aws",
    "AWS::NoValue": undefined,
    ...(environment.account === undefined ? {} : { "AWS::AccountId": environment.account }),
  };
  return { template, values };
}

/** The layers whose exports this layer imports by `Fn::ImportValue`. */
export function importedLayers(environment: Environment, layer: Layer): string[] {
  const imports = findImports(layer.template?.body.Resources).map((each) =>
    evaluateText(each, scopeOf(environment, layer)),
  );
  if (imports.length === 0) return [];
  return [...environment.layers.values()]
    .filter((other) => other.name !== layer.name)
    .filter((other) =>
      Object.values(other.template?.body.Outputs ?? {}).some((output) => {
        const name = evaluateText(output.Export?.Name, scopeOf(environment, other));
        return name !== undefined && imports.includes(name);
      }),
    )
    .map((other) => other.name);
}

function findImports(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "Fn::ImportValue" ? [inner as unknown] : findImports(inner),
  );
}
