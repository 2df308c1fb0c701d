import { LakeError, listWords, note, runStep, type Context, type Host } from "../core/index.ts";
import {
  resolveParameters,
  tagsOf,
  wireLayers,
  type Environment,
  type LiveOutputs,
  type Wiring,
} from "../lake/index.ts";
import { applyLayer, type LayerResult } from "./apply-layer.ts";
import { outputsOf, readLiveStacks, type LiveStacks } from "./live-stacks.ts";
import { runOverGraph } from "./run-over-graph.ts";

/** Which layers to deploy. */
export interface DeployRequest {
  readonly environment: Environment;
  readonly layers: readonly string[];
  /** `owner/name`, for the tag that says whose the resources are. */
  readonly repository?: string | undefined;
  /** Milliseconds for each layer. */
  readonly within: number;
}

/** What became of the layers, and the outputs of all that are there now. */
export interface DeployResult {
  readonly layers: readonly LayerResult[];
  readonly outputs: LiveOutputs;
}

/**
 * Deploys layers over their graph, in parallel as it allows.
 *
 * @throws LakeError the first failure, once every independent branch has ended; its `mistakes` are all failures.
 */
export async function deployLayers(request: DeployRequest, context: Context): Promise<DeployResult> {
  const live = await readLiveStacks(request.environment, context);
  const wiring = wireLayers(request.environment, request.layers, outputsOf(live));
  const graph = new Map(wiring.order.map((layer) => [layer, wiring.graph.get(layer) ?? new Set<string>()]));
  const { results, failures, skipped } = await runOverGraph<LayerResult>(graph, (layer, done) =>
    runStep(context, "deploy", layer, (step) =>
      applyLayer(makeTarget(request, { layer, live, wiring, done }, step.host), step),
    ),
  );
  for (const layer of skipped)
    note(context, "warning", `${layer} was skipped: something it depends on failed`);
  throwFailures(failures, skipped);
  return { layers: [...results.values()], outputs: mergeOutputs(live, results) };
}

interface Progress {
  readonly layer: string;
  readonly live: LiveStacks;
  readonly wiring: Wiring;
  readonly done: ReadonlyMap<string, LayerResult>;
}

function makeTarget(
  { environment, repository, within }: DeployRequest,
  { layer, live, wiring, done }: Progress,
  host: Host,
) {
  const settings = environment.layers.get(layer);
  if (!settings) throw new LakeError("internal", `layer ${layer} is not of this lake`);
  const wired = wiring.parameters.get(layer) ?? [];
  const parameters = resolveParameters(wired, mergeOutputs(live, done));
  const noEcho = wired.filter((parameter) => parameter.noEcho).map((parameter) => parameter.name);
  noEcho.forEach((name) => {
    host.mask(parameters[name] ?? "");
  });
  return {
    layer: settings,
    parameters,
    noEcho: new Set(noEcho),
    tags: tagsOf(environment, settings, repository),
    live: live.get(layer),
    within,
  };
}

function mergeOutputs(live: LiveStacks, done: ReadonlyMap<string, LayerResult>): LiveOutputs {
  return new Map([...outputsOf(live), ...[...done].map(([layer, { outputs }]) => [layer, outputs] as const)]);
}

/** Throws the first failure with all of them as its mistakes. */
export function throwFailures(failures: ReadonlyMap<string, LakeError>, skipped: readonly string[]): void {
  const all = [...failures.values()];
  const first = all.find((error) => error.reason !== "cancelled") ?? all[0];
  if (!first) return;
  const others = skipped.length === 0 ? "" : `; not begun because of it: ${listWords(skipped)}`;
  throw new LakeError(first.reason, `${first.message}${others}`, {
    hint: first.hint,
    place: first.place,
    cause: first,
    mistakes: all.length > 1 ? all.map(({ message, place }) => ({ message, place })) : [],
  });
}
