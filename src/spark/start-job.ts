import {
  AddJobFlowStepsCommand,
  EMRClient,
  ListStepsCommand,
  RunJobFlowCommand,
  type RunJobFlowCommandInput,
  type StepConfig,
} from "@aws-sdk/client-emr";
import { LakeError, whileRemote, type StepReporter } from "../core/index.ts";
import { terminateCluster } from "./cancel-job.ts";
import { requireLiveCluster } from "./clusters.ts";
import { cancelTwins, markJob, terminateTwins, type MarkedJob } from "./lost-answers.ts";
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
  const marked = markJob(job);
  if ("transient" in cluster) return startTransient(cluster.transient, marked, step);
  const { id } = await requireLiveCluster(cluster.id, step);
  // Not cancellable: a submission whose answer is lost would leave a step that nobody cancels.
  const answer = await step.clients
    .use(EMRClient)
    .send(new AddJobFlowStepsCommand({ JobFlowId: id, Steps: [stepOf(marked, "CONTINUE")] }));
  const submitted = { clusterId: id, stepId: requireId(answer.StepIds?.[0]), transient: false };
  if ((answer.$metadata.attempts ?? 1) > 1) await cancelTwins(submitted, marked, step);
  return submitted;
}

async function startTransient(
  shape: Omit<RunJobFlowCommandInput, "Steps">,
  job: MarkedJob,
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
    if ((started.$metadata.attempts ?? 1) > 1) await terminateTwins(clusterId, shape.Name, job, step);
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
