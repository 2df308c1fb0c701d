import { createHash } from "node:crypto";
import { LakeError, runStep, type Context, type StepReporter } from "../core/index.ts";
import {
  evaluateCondition,
  resolveParameters,
  scopeOf,
  tagsOf,
  wireLayers,
  type Environment,
  type Layer,
  type WiredParameter,
} from "../lake/index.ts";
import { createChangeSet, discardChangeSet, type ResourceChange } from "./change-set.ts";
import { fingerprint } from "./fingerprint.ts";
import { outputsOf, readLiveStacks, type LiveStacks } from "./live-stacks.ts";
import { isSettled, nextMove } from "./stack-status.ts";

/** What a deploy would do to one layer. */
export interface LayerPlan {
  readonly layer: string;
  readonly stack: string;
  readonly action: "create" | "update" | "recreate" | "unchanged" | "blocked";
  readonly changes: readonly ResourceChange[];
  readonly parameters: readonly PlannedParameter[];
  /** What keeps the plan from being exact or the deploy from going through. */
  readonly remark: string | undefined;
}

/** A parameter's value and where it comes from; secrets are masked. */
export interface PlannedParameter {
  readonly name: string;
  readonly value: string;
  readonly origin: WiredParameter["origin"];
}

/** The predicted changes of all layers; the hash is the same as long as these are. */
export interface Plan {
  readonly layers: readonly LayerPlan[];
  readonly hash: string;
}

/** Which layers to plan. */
export interface PlanRequest {
  readonly environment: Environment;
  readonly layers: readonly string[];
  /** `owner/name`, for the tag that says whose the resources are. */
  readonly repository?: string | undefined;
}

/**
 * Predicts what a deploy would change: from change sets where the stack exists, from the template otherwise. The change
 * sets are removed again; nothing else is touched.
 */
export async function planLayers(request: PlanRequest, context: Context): Promise<Plan> {
  const { environment, repository } = request;
  const live = await readLiveStacks(environment, context);
  const wiring = wireLayers(environment, request.layers, outputsOf(live));
  const plans = wiring.order.map(async (name) => {
    const layer = environment.layers.get(name);
    if (!layer) throw new LakeError("internal", `layer ${name} is not of this lake`);
    const wired = wiring.parameters.get(name) ?? [];
    const parameters = wired.map((parameter) => toPlannedParameter(parameter, live));
    const tags = tagsOf(environment, layer, repository);
    const prediction = await runStep(context, "plan", name, (step) =>
      predict({ environment, layer, wired, tags, live }, step),
    );
    return { layer: name, stack: layer.stack, parameters, ...prediction };
  });
  const layers = await Promise.all(plans);
  return { layers, hash: hashPlan(layers, environment) };
}

/** What a template would create is told by types alone, so that its text belongs to the hash as well. */
function hashPlan(layers: readonly LayerPlan[], environment: Environment): string {
  const templates = layers.map(({ layer }) => environment.layers.get(layer)?.template?.text);
  return createHash("sha256").update(JSON.stringify({ layers, templates })).digest("hex").slice(0, 16);
}

interface Subject {
  readonly environment: Environment;
  readonly layer: Layer;
  readonly wired: readonly WiredParameter[];
  readonly tags: Readonly<Record<string, string>>;
  readonly live: LiveStacks;
}

type Prediction = Pick<LayerPlan, "action" | "changes" | "remark">;

async function predict(subject: Subject, step: StepReporter): Promise<Prediction> {
  const stack = subject.live.get(subject.layer.name);
  const move = nextMove(stack?.status);
  if (move === "create" || move === "recreate") return fromTemplate(subject, move, step);
  if (stack && move !== "update") {
    step.conclude(stack.status, "skipped");
    return { action: "blocked", changes: [], remark: `stack ${stack.name} is ${stack.status}` };
  }
  return fromChangeSet(subject, step);
}

function fromTemplate(
  { environment, layer }: Subject,
  action: "create" | "recreate",
  step: StepReporter,
): Prediction {
  const scope = scopeOf(environment, layer);
  const changes = Object.entries(layer.template?.body.Resources ?? {})
    .filter(([, { Condition }]) => Condition === undefined || evaluateCondition(Condition, scope) !== false)
    .map(
      ([logicalId, { Type }]) =>
        ({ action: "add", logicalId, type: Type, replacement: "no", properties: [] }) as const,
    );
  step.conclude(`${action}, ${changes.length} resources`);
  return { action, changes, remark: undefined };
}

async function fromChangeSet({ layer, wired, tags, live }: Subject, step: StepReporter): Promise<Prediction> {
  const stack = live.get(layer.name);
  const { template } = layer;
  if (!template) throw new LakeError("internal", `layer ${layer.name} has no template`);
  const parameters = resolveParameters(wired, outputsOf(live));
  const noEcho = new Set(wired.filter((parameter) => parameter.noEcho).map((parameter) => parameter.name));
  const name = fingerprint({ template: template.text, parameters, noEcho, tags, stack: layer.stack });
  const current = stack !== undefined && isSettled(stack.status) && stack.changeSet === name;
  const request = { layer, template, name, type: "UPDATE", exists: true, parameters, tags } as const;
  const made = current ? undefined : await createChangeSet(request, step);
  if (made === undefined) {
    step.conclude("nothing to change", "unchanged");
    return { action: "unchanged", changes: [], remark: undefined };
  }
  await discardChangeSet(request, step);
  step.conclude(`update, ${made.changes.length} changes`);
  return { action: "update", changes: made.changes, remark: undefined };
}

function toPlannedParameter(
  { name, origin, parts, noEcho }: WiredParameter,
  live: LiveStacks,
): PlannedParameter {
  const texts = parts.map((part) =>
    typeof part === "string"
      ? part
      : (live.get(part.layer)?.outputs[part.output] ?? `\${${part.layer}.${part.output}}`),
  );
  return { name, origin, value: noEcho ? "****" : texts.join("") };
}
