import { LakeError, listWords, type Mistake, type Place } from "../core/index.ts";
import type { Environment, Layer } from "./environment.ts";
import { orderLayers, type Graph } from "./graph.ts";
import { importedLayers } from "./scope.ts";
import { isNoEcho } from "./template.ts";

/** Outputs of stacks that exist, by layer. */
export type LiveOutputs = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Where a parameter's value comes from. */
export type Origin = "input" | "environment" | "layer" | "lake" | "output" | "default";

/** A piece of a value: text, or an output that is known once its layer is deployed. */
export type ValuePart = string | { readonly layer: string; readonly output: string };

/** One parameter of a layer and its value, as far as it can be known before deploying. */
export interface WiredParameter {
  readonly name: string;
  readonly origin: Origin;
  readonly parts: readonly ValuePart[];
  readonly noEcho: boolean;
}

/** How the layers of an environment feed each other. */
export interface Wiring {
  readonly parameters: ReadonlyMap<string, readonly WiredParameter[]>;
  /** For each layer, the layers whose outputs or exports it takes, and its `needs`. */
  readonly graph: Graph;
  /** The wired layers, each after what it depends on. */
  readonly order: readonly string[];
}

const reference = /\$\{([a-z][a-z0-9-]*)\.([A-Za-z0-9]+)\}/g;

/**
 * Wires `layers` of an environment by the names of their parameters and outputs.
 *
 * @param live outputs of stacks that exist; needed for layers that have no template of their own. Undefined where AWS
 *   is not asked: such a layer is then taken to have whatever nobody else outputs.
 * @throws LakeError `parameter-missing`, `output-ambiguous`, `invalid-lake`, `invalid-input` or `graph-cycle`; all mistakes
 *   at once.
 */
export function wireLayers(
  environment: Environment,
  layers: readonly string[],
  live: LiveOutputs | undefined,
): Wiring {
  const mistakes: WiringMistake[] = [];
  const parameters = new Map<string, WiredParameter[]>();
  const graph = new Map<string, Set<string>>();
  for (const layer of layers
    .map((name) => environment.layers.get(name))
    .filter((found) => found !== undefined)) {
    const wirer = new LayerWirer(environment, layer, live);
    parameters.set(layer.name, wirer.wire());
    mistakes.push(...wirer.mistakes);
    graph.set(layer.name, wirer.dependencies());
  }
  const [first] = mistakes;
  if (first) {
    const message = mistakes.length === 1 ? first.message : `${mistakes.length} parameters cannot be wired`;
    throw new LakeError(first.reason, message, { mistakes, place: first.place, hint: hints[first.reason] });
  }
  return { parameters, graph, order: orderLayers(graph) };
}

interface WiringMistake extends Mistake {
  readonly reason: keyof typeof hints;
}

const hints = {
  "parameter-missing":
    "Give it a value, by the layer's `parameters` in lake.yaml or the input `parameters`, or let another layer output it.",
  "output-ambiguous":
    'Say which in lake.yaml, for example `parameters: { KmsKeyArn: "${storage.KmsKeyArn}" }`.',
  "invalid-lake": "Name a parameter or output that the templates have.",
  "invalid-input": "Name a parameter or output that the templates have.",
} as const;

/** Wires one layer; collects its mistakes. */
class LayerWirer {
  readonly mistakes: WiringMistake[] = [];
  readonly #environment: Environment;
  readonly #layer: Layer;
  readonly #live: LiveOutputs | undefined;
  readonly #sources = new Set<string>();

  constructor(environment: Environment, layer: Layer, live: LiveOutputs | undefined) {
    this.#environment = environment;
    this.#layer = layer;
    this.#live = live;
  }

  wire(): WiredParameter[] {
    const declared = this.#layer.template?.body.Parameters ?? {};
    for (const name of this.#layer.parameters.keys()) {
      if (Object.hasOwn(declared, name)) continue;
      const known = listWords(Object.keys(declared));
      this.#mistake("invalid-lake", name, `has no parameter "${name}"; its template has ${known}`);
    }
    return Object.entries(declared).flatMap(([name, parameter]) => {
      const value = this.#valueOf(name, parameter.Default !== undefined);
      return value ? [{ name, noEcho: isNoEcho(parameter), ...value }] : [];
    });
  }

  dependencies(): Set<string> {
    return new Set([
      ...this.#layer.needs,
      ...this.#sources,
      ...importedLayers(this.#environment, this.#layer),
    ]);
  }

  #valueOf(name: string, hasDefault: boolean): { origin: Origin; parts: readonly ValuePart[] } | undefined {
    const given = this.#layer.parameters.get(name);
    if (given) {
      const text = Array.isArray(given.value) ? given.value.map(String).join(",") : String(given.value);
      return { origin: given.from, parts: this.#splitReferences(name, text) };
    }
    if (name === "ProjectPrefix") return { origin: "lake", parts: [this.#environment.lake.name] };
    if (name === "Environment") return { origin: "lake", parts: [this.#environment.name] };
    if (hasDefault) return { origin: "default", parts: [] };
    return this.#wireByName(name);
  }

  #wireByName(name: string): { origin: Origin; parts: readonly ValuePart[] } | undefined {
    const sources = [...this.#environment.layers.values()].filter(
      (other) => other.name !== this.#layer.name && hasOutput(other, name, this.#live),
    );
    const unread = this.#live
      ? undefined
      : [...this.#environment.layers.values()].find((layer) => !layer.template);
    const source = sources[0] ?? unread;
    if (source && sources.length < 2) {
      this.#sources.add(source.name);
      return { origin: "output", parts: [{ layer: source.name, output: name }] };
    }
    if (source) {
      const both = listWords(sources.map((other) => `${other.name}.${name}`));
      this.#mistake("output-ambiguous", name, `parameter "${name}" could take ${both}`);
    } else {
      this.#mistake(
        "parameter-missing",
        name,
        `nothing provides the parameter "${name}": ${this.#whereLookedFor()}`,
      );
    }
    return undefined;
  }

  #whereLookedFor(): string {
    const unread = [...this.#environment.layers.values()]
      .filter((layer) => layer.template === undefined && this.#live?.has(layer.name) !== true)
      .map((layer) => `stack ${layer.stack} could not be read`);
    return ["it has no value, no default, and no other layer has an output of that name", ...unread].join(
      "; ",
    );
  }

  /** Splits `"${storage.KmsKeyArn}"` and the like into text and outputs, and checks that these exist. */
  #splitReferences(name: string, text: string): ValuePart[] {
    const parts: ValuePart[] = [];
    let at = 0;
    for (const match of text.matchAll(reference)) {
      const [whole, layer = "", output = ""] = match;
      const source = this.#environment.layers.get(layer);
      const known = source && (hasOutput(source, output, this.#live) || (!source.template && !this.#live));
      if (known !== true || source.name === this.#layer.name) {
        this.#mistake("invalid-lake", name, `parameter "${name}" names ${whole}, which no other layer has`);
        continue;
      }
      this.#sources.add(layer);
      parts.push(text.slice(at, match.index), { layer, output });
      at = match.index + whole.length;
    }
    return [...parts, text.slice(at)].filter((part) => part !== "");
  }

  #mistake(reason: keyof typeof hints, parameter: string, message: string): void {
    const { name, template } = this.#layer;
    const given = this.#layer.parameters.get(parameter);
    if (given?.from === "input") {
      this.mistakes.push({ reason: "invalid-input", message: `parameters: layer ${name}: ${message}` });
      return;
    }
    const path = given?.from === "environment" ? ["environments"] : ["layers", name, "parameters", parameter];
    const place: Place =
      given || !template ? this.#environment.lake.place(...path) : template.place("Parameters", parameter);
    this.mistakes.push({ reason, message: `layer ${name}: ${message}`, place });
  }
}

function hasOutput(layer: Layer, output: string, live: LiveOutputs | undefined): boolean {
  const outputs = layer.template?.body.Outputs ?? live?.get(layer.name) ?? {};
  return Object.hasOwn(outputs, output);
}

/**
 * A layer's parameters as texts, once the outputs they take are known. Those left to the template's default are absent.
 *
 * @throws LakeError `layer-not-deployed` for an output of a layer that is not there.
 */
export function resolveParameters(
  parameters: readonly WiredParameter[],
  outputs: LiveOutputs,
): Record<string, string> {
  const resolvePart = (part: ValuePart): string => {
    if (typeof part === "string") return part;
    const value = outputs.get(part.layer)?.[part.output];
    if (value !== undefined) return value;
    throw new LakeError(
      "layer-not-deployed",
      outputs.has(part.layer)
        ? `layer ${part.layer} has no output ${part.output}`
        : `layer ${part.layer} is not deployed, and its output ${part.output} is needed`,
      { hint: `Deploy it first: \`datalake layer ${part.layer} deploy\`.` },
    );
  };
  return Object.fromEntries(
    parameters
      .filter(({ origin }) => origin !== "default")
      .map(({ name, parts }) => [name, parts.map(resolvePart).join("")]),
  );
}
