import { CancelStepsCommand, EMRClient, TerminateJobFlowsCommand } from "@aws-sdk/client-emr";
import { messageOf, note, type Context } from "../core/index.ts";
import type { SubmittedStep } from "./start-job.ts";

/** Cancels a step and, if it was started for it, its cluster. Never throws: another error is on its way to the user. */
export async function cancelJob(
  { clusterId, stepId, transient }: SubmittedStep,
  context: Context,
): Promise<void> {
  if (transient) {
    await terminateCluster(clusterId, context);
    return;
  }
  try {
    await context.clients.use(EMRClient).send(
      new CancelStepsCommand({
        ClusterId: clusterId,
        StepIds: [stepId],
        StepCancellationOption: "TERMINATE_PROCESS",
      }),
      { abortSignal: AbortSignal.timeout(5000) },
    );
    note(context, "info", `step ${stepId} was cancelled`);
  } catch (error) {
    note(context, "warning", `step ${stepId} could not be cancelled and may go on: ${messageOf(error)}`);
  }
}

/** Terminates a cluster, in at most five seconds and also after the run's own signal has aborted. Never throws. */
export async function terminateCluster(id: string, context: Context): Promise<void> {
  try {
    await context.clients
      .use(EMRClient)
      .send(new TerminateJobFlowsCommand({ JobFlowIds: [id] }), { abortSignal: AbortSignal.timeout(5000) });
  } catch (error) {
    note(context, "warning", `cluster ${id} could not be terminated and costs on: ${messageOf(error)}`);
  }
}
