import { CloudFormationClient, DeleteStackCommand } from "@aws-sdk/client-cloudformation";
import { LakeError, note, type StepReporter } from "../core/index.ts";
import { explainFailure } from "./explain-failure.ts";
import { followStack } from "./follow-stack.ts";
import type { LiveStack } from "./live-stacks.ts";

/** Which stack to delete, and for how many milliseconds to wait. */
export interface DeleteRequest {
  readonly stack: LiveStack;
  readonly within: number;
}

/**
 * Deletes a stack and waits until it is gone.
 *
 * @throws LakeError `delete-failed` naming the resource that AWS could not delete, and why.
 */
export async function deleteStack({ stack, within }: DeleteRequest, step: StepReporter): Promise<void> {
  const since = step.clock.now() - 2000;
  await step.clients
    .use(CloudFormationClient)
    .send(new DeleteStackCommand({ StackName: stack.id }), { abortSignal: step.signal });
  const left = await followDeletion(stack, { since, within }, step);
  if (left === undefined) return;
  const cause = await explainFailure(stack.id, since, step);
  const why = cause
    ? `${cause.logicalId} (${cause.type}): ${cause.reason}`
    : (left.reason ?? "AWS gives no reason");
  throw new LakeError("delete-failed", `stack ${stack.name} could not be deleted: ${why}`, {
    hint:
      left.status === "DELETE_FAILED"
        ? "Remove what holds the resource, then delete again, with `retry-failed`."
        : "Remove what holds it, then delete again.",
  });
}

async function followDeletion(
  { id: stackId, name }: LiveStack,
  { since, within }: { readonly since: number; readonly within: number },
  step: StepReporter,
): Promise<LiveStack | undefined> {
  try {
    return await followStack({ stackId, name, since, total: 0, within }, step);
  } catch (error) {
    if (step.signal.aborted) note(step, "warning", `${name} is still being deleted; AWS goes on with it`);
    throw error;
  }
}
