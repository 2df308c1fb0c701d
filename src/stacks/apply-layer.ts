import { countOf, LakeError, note, whileRemote, type StepReporter } from "../core/index.ts";
import type { Layer } from "../lake/index.ts";
import {
  createChangeSet,
  discardChangeSet,
  executeChangeSet,
  remoteWorkOf,
  type ChangeSet,
  type ChangeSetRequest,
  type ResourceChange,
} from "./change-set.ts";
import { deleteStack } from "./delete-stack.ts";
import { explainFailure } from "./explain-failure.ts";
import { fingerprint } from "./fingerprint.ts";
import { followStack, waitUntilIdle } from "./follow-stack.ts";
import type { LiveStack } from "./live-stacks.ts";
import { isSettled, nextMove } from "./stack-status.ts";
import { stopStack } from "./stop-stack.ts";

/** What a layer is to become. */
export interface LayerTarget {
  readonly layer: Layer;
  readonly parameters: Readonly<Record<string, string>>;
  readonly noEcho: ReadonlySet<string>;
  readonly tags: Readonly<Record<string, string>>;
  readonly live: LiveStack | undefined;
  /** Milliseconds for the whole of it. */
  readonly within: number;
}

/** What became of a layer. */
export interface LayerResult {
  readonly layer: string;
  readonly outcome: "created" | "updated" | "unchanged";
  readonly changes: readonly ResourceChange[];
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Brings one layer's stack to its target through a change set, or finds that it is there already.
 *
 * @throws LakeError `stack-failed` with the earliest real cause and its place in the template; the stack is then rolled
 *   back, and gone if this was its first creation.
 */
export async function applyLayer(target: LayerTarget, step: StepReporter): Promise<LayerResult> {
  const { layer } = target;
  if (!layer.template) throw new LakeError("internal", `layer ${layer.name} has no template`);
  const name = fingerprint({ ...target, template: layer.template.text, stack: layer.stack });
  const live = await prepareStack(target, step);
  if (live && isSettled(live.status) && live.changeSet === name) return unchanged(layer, live, step);

  const type = live === undefined || live.status === "REVIEW_IN_PROGRESS" ? "CREATE" : "UPDATE";
  step.progress("working out the changes");
  const exists = live !== undefined;
  const request = { layer, template: layer.template, name, type, exists, ...pick(target) } as const;
  const made = await createChangeSet(request, step);
  if (made === undefined) return unchanged(layer, live, step);

  const stack = await carryOut({ ...made, request, within: target.within }, step);
  const outcome = type === "CREATE" ? "created" : "updated";
  step.conclude(`${outcome}, ${countOf(made.changes.length, "resource")}`);
  return { layer: layer.name, outcome, changes: made.changes, outputs: stack.outputs };
}

const pick = ({ parameters, tags }: LayerTarget) => ({ parameters, tags });

function unchanged(layer: Layer, live: LiveStack | undefined, step: StepReporter): LayerResult {
  step.conclude("nothing to change", "unchanged");
  return { layer: layer.name, outcome: "unchanged", changes: [], outputs: live?.outputs ?? {} };
}

/** Gets the stack into a state in which it takes a change set. */
async function prepareStack(target: LayerTarget, step: StepReporter): Promise<LiveStack | undefined> {
  if (target.live === undefined) return undefined;
  const live = await waitUntilIdle(target.live, target.within, step);
  const move = nextMove(live?.status);
  if (live === undefined || move === "update" || move === "create") return live;
  if (move === "recreate") {
    note(step, "info", `${live.name} is left over from a failed creation and holds nothing: making it anew`);
    await deleteStack({ stack: live, within: target.within }, step);
    return undefined;
  }
  const hint =
    move === "finish-delete"
      ? "Finish its deletion first: `datalake destroy --retry-failed`, or the action teardown with `retry-failed`."
      : `Finish the rollback first: \`aws cloudformation continue-update-rollback --stack-name ${live.name}\`.`;
  throw new LakeError(
    "stack-stuck",
    `stack ${live.name} is ${live.status}: ${live.reason ?? "no reason given"}`,
    { hint },
  );
}

interface Change extends ChangeSet {
  readonly request: ChangeSetRequest;
  /** Milliseconds for the whole of it. */
  readonly within: number;
}

/** Executes a change set and waits for its end; whatever stops that stops the stack as well. */
async function carryOut(change: Change, step: StepReporter): Promise<LiveStack> {
  const { request, stackId, changes, within } = change;
  // Timestamps of events are AWS's, so a clock that runs ahead here must not hide the first of them.
  const since = step.clock.now() - 2000;
  const follow = { stackId, name: request.layer.stack, since, total: changes.length, within };
  const work = remoteWorkOf(request, stackId);
  const stack = await whileRemote(step, work, async () => {
    await execute(change, step);
    try {
      return await followStack(follow, step);
    } catch (error) {
      if (step.signal.aborted) await stopStack(work, step);
      throw error;
    }
  });
  if (stack && isSettled(stack.status)) return stack;
  throw await failureOf(change, { stack, since }, step);
}

async function execute({ request, stackId, changes }: Change, step: StepReporter): Promise<void> {
  try {
    step.signal.throwIfAborted();
    step.progress("starting", { done: 0, total: changes.length });
    await executeChangeSet({ StackName: stackId, ChangeSetName: request.name }, step);
  } catch (error) {
    await discardChangeSet(request, step);
    throw error;
  }
}

async function failureOf(
  { request: { layer, template, type }, stackId, within }: Change,
  { stack, since }: { readonly stack: LiveStack | undefined; readonly since: number },
  step: StepReporter,
): Promise<LakeError> {
  const cause = await explainFailure(stackId, since, step);
  const status = stack?.status ?? "gone";
  const why = cause
    ? `${cause.logicalId} (${cause.type}): ${cause.reason}`
    : (stack?.reason ?? "AWS gives no reason");
  if (stack && type === "CREATE" && nextMove(stack.status) === "recreate") {
    await deleteStack({ stack, within }, step);
  }
  return new LakeError("stack-failed", `layer ${layer.name} failed: ${why}`, {
    place: cause && template.place("Resources", cause.logicalId),
    hint:
      type === "CREATE"
        ? "Nothing of it is left; mend the template and deploy again."
        : `It is ${status}: as it was before. Mend the template and deploy again.`,
  });
}
