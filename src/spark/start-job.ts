import {
  AddJobFlowStepsCommand,
  CancelStepsCommand,
  EMRClient,
  ListStepsCommand,
  RunJobFlowCommand,
  TerminateJobFlowsCommand,
  type RunJobFlowCommandInput,
  type StepConfig,
} from "@aws-sdk/client-emr";
import { LakeError, messageOf, note, whileRemote, type Context, type StepReporter } from "../core/index.ts";
import { requireLiveCluster } from "./clusters.ts";
import { sparkSubmitArguments, type SparkSubmit } from "./step-arguments.ts";

/** Where a job runs: on a cluster that lives, or on one that is started for it and ends with it. */
export type JobCluster =
  { readonly id: string } | { readonly transient: Omit<RunJobFlowCommandInput, "Steps"> };

/** A step that was submitted. */
export interface SubmittedStep {
  readonly clusterId: string;
  readonly stepId: string;
  /** Whether the cluster was started for it, and so has to be terminated. */
  readonly transient: boolean;
}

/** Submits a Spark job as an EMR step. */
export async function startJob(
  cluster: JobCluster,
  job: SparkSubmit,
  step: StepReporter,
): Promise<SubmittedStep> {
  if ("transient" in cluster) return startTransient(cluster.transient, job, step);
  const { id } = await requireLiveCluster(cluster.id, step);
  // Not cancellable: a submission whose answer is lost would leave a step that nobody cancels.
  const answer = await step.clients
    .use(EMRClient)
    .send(new AddJobFlowStepsCommand({ JobFlowId: id, Steps: [stepOf(job, "CONTINUE")] }));
  return { clusterId: id, stepId: requireId(answer.StepIds?.[0]), transient: false };
}

async function startTransient(
  shape: Omit<RunJobFlowCommandInput, "Steps">,
  job: SparkSubmit,
  step: StepReporter,
): Promise<SubmittedStep> {
  const client = step.clients.use(EMRClient);
  const instances = { ...shape.Instances, KeepJobFlowAliveWhenNoSteps: false };
  const steps = [stepOf(job, "TERMINATE_CLUSTER")];
  const started = await client.send(new RunJobFlowCommand({ ...shape, Instances: instances, Steps: steps }));
  const clusterId = requireId(started.JobFlowId);
  try {
    // RunJobFlow answers with the cluster alone, which is all that it takes to end both.
    const begun = { type: "step", clusterId, stepId: "", transient: true } as const;
    const listed = await whileRemote(step, begun, () =>
      client.send(new ListStepsCommand({ ClusterId: clusterId }), { abortSignal: step.signal }),
    );
    return { clusterId, stepId: requireId(listed.Steps?.[0]?.Id), transient: true };
  } catch (error) {
    await terminateCluster(clusterId, step);
    throw error;
  }
}

function stepOf(job: SparkSubmit, onFailure: "CONTINUE" | "TERMINATE_CLUSTER"): StepConfig {
  const HadoopJarStep = { Jar: "command-runner.jar", Args: sparkSubmitArguments(job) };
  return { Name: job.name, ActionOnFailure: onFailure, HadoopJarStep };
}

function requireId(id: string | undefined): string {
  if (id !== undefined) return id;
  throw new LakeError("aws-error", "EMR took the job but answered with no id", {
    hint: "Look for the job in the EMR console before running the same command again.",
  });
}

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
