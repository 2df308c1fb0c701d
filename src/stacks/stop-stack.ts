import { CancelUpdateStackCommand, CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { awsCodeOf, LakeError, note, type RemoteWork, type StepReporter } from "../core/index.ts";
import { deleteChangeSet } from "./change-set.ts";
import { deleteStack } from "./delete-stack.ts";
import { readStack } from "./live-stacks.ts";
import { isSettled } from "./stack-status.ts";

type StackWork = Extract<RemoteWork, { type: "stack" }>;

/**
 * Stops what was begun with a stack, within 7 s: an update is rolled back, a first creation deleted, a change set that
 * was not executed yet removed. AWS goes on with that alone. What is through already is left as it is.
 */
export async function stopStack(work: StackWork, step: StepReporter): Promise<void> {
  const stopping = { ...step, signal: AbortSignal.timeout(7000) };
  await (work.operation === "UPDATE" ? cancelUpdate(work, stopping) : cancelCreation(work, stopping));
}

async function cancelUpdate({ stackId, changeSet }: StackWork, step: StepReporter): Promise<void> {
  try {
    await step.clients
      .use(CloudFormationClient)
      .send(new CancelUpdateStackCommand({ StackName: stackId }), { abortSignal: step.signal });
    tell("rolling back", stackId, step);
  } catch (error) {
    // It is not being updated: not yet, or no more.
    if (awsCodeOf(error) !== "ValidationError") throw error;
    const stack = await readStack(stackId, step);
    if (stack && stack.changeSet !== changeSet)
      await deleteChangeSet({ StackName: stackId, ChangeSetName: changeSet }, step);
  }
}

async function cancelCreation({ stackId }: StackWork, step: StepReporter): Promise<void> {
  const stack = await readStack(stackId, step);
  if (!stack || isSettled(stack.status)) return;
  tell("deleting", stackId, step);
  try {
    await deleteStack({ stack, within: 6000 }, step);
  } catch (error) {
    // On AWS it mostly lasts longer than a cancelled run does.
    if (!(error instanceof LakeError && error.reason === "timed-out")) throw error;
    note(step, "warning", `${stack.name} is still being deleted; AWS goes on with it`);
  }
}

function tell(what: string, stackId: string, step: StepReporter): void {
  note(step, "warning", `cancelled: ${what} what was begun in ${stackId.split("/")[1] ?? stackId}`);
}
