import type { Step } from "@aws-sdk/client-emr";
import { LakeError, runStep, whileRemote, type Context, type StepReporter } from "../core/index.ts";
import { readCluster } from "./clusters.ts";
import { explainLog, lastWords, placeOf } from "./explain-log.ts";
import { followStep } from "./follow-step.ts";
import { readOutput, type JobOutput } from "./job-output.ts";
import { cancelJob, terminateCluster } from "./cancel-job.ts";
import { startJob, type JobCluster, type SubmittedStep } from "./start-job.ts";
import { waitForLogs } from "./step-logs.ts";
import type { SparkSubmit } from "./step-arguments.ts";

/** One Spark job. */
export interface JobRequest extends SparkSubmit {
  readonly cluster: JobCluster;
  /** Milliseconds until the job is given up and cancelled. */
  readonly within: number;
  /** The script on this machine, so that a failure can name its line. */
  readonly localFile?: string | undefined;
  /** Where logs go, as `s3://…/`, for a cluster that does not say so itself. */
  readonly logs?: string | undefined;
  /** How long to wait for the log of a job that failed, in milliseconds. Default 6 min: EMR delivers every 5 min. */
  readonly logsWithin?: number | undefined;
}

/** A job that has succeeded. */
export interface JobResult {
  readonly clusterId: string;
  readonly stepId: string;
  readonly milliseconds: number;
  /** What it printed; undefined where EMR has not delivered the log yet. */
  readonly output: JobOutput | undefined;
}

/**
 * Runs a Spark job on EMR and waits for its end. When the signal aborts or the time is over, the step is cancelled and
 * a cluster that was started for it is terminated.
 *
 * @throws LakeError `job-failed` with the exception and its line in the user's script, `cluster-failed`, `timed-out`.
 */
export function submitJob(request: JobRequest, context: Context): Promise<JobResult> {
  return runStep(context, "submit", request.name, async (step) => {
    const start = step.clock.now();
    const submitted = await startJob(clusterOf(request), request, step);
    const ended = await whileRemote(step, { type: "step", ...submitted }, () =>
      follow(submitted, request, step),
    );
    if (submitted.transient) await terminateCluster(submitted.clusterId, step);
    if (ended.Status?.State !== "COMPLETED") throw await explain(submitted, ended, request, step);
    const logs = await waitForLogs(
      submitted,
      ended,
      { needed: ["stdout"], within: 10_000, logs: request.logs },
      step,
    );
    const output = logs.stdout === undefined ? undefined : readOutput(logs.stdout);
    const { clusterId, stepId } = submitted;
    step.conclude(stepId);
    return { clusterId, stepId, milliseconds: step.clock.now() - start, output };
  });
}

function clusterOf({ cluster, logs }: JobRequest): JobCluster {
  return "transient" in cluster ? { transient: { LogUri: logs, ...cluster.transient } } : cluster;
}

async function follow(submitted: SubmittedStep, { within }: JobRequest, step: StepReporter): Promise<Step> {
  try {
    return await followStep(submitted, within, step);
  } catch (error) {
    await cancelJob(submitted, step);
    throw error;
  }
}

async function explain(
  submitted: SubmittedStep,
  ended: Step,
  request: JobRequest,
  step: StepReporter,
): Promise<LakeError> {
  const { State: state, FailureDetails: details, StateChangeReason: reason } = ended.Status ?? {};
  if (state === "CANCELLED") return explainCancelled(submitted, request, step);
  step.progress("failed; waiting for the driver's log");
  const within = request.logsWithin ?? 6 * 60_000;
  const logs = await waitForLogs(
    submitted,
    ended,
    { needed: ["stdout", "stderr"], within, logs: request.logs },
    step,
  );
  // Spark joins a Python driver's two streams in stdout; what the JVM says is in stderr.
  const cause = explainLog(`${logs.stderr ?? ""}\n${logs.stdout ?? ""}`, request.script);
  const why =
    cause?.message ?? details?.Message ?? details?.Reason ?? reason?.Message ?? "EMR gives no reason";
  const whereabouts =
    logs.place === undefined ? "Give the cluster a log URI to see why." : `Its logs are in ${logs.place}.`;
  const words = cause === undefined ? lastWords(logs.stdout) || lastWords(logs.stderr) : "";
  return new LakeError("job-failed", `job ${request.name} failed: ${why}`, {
    place: placeOf(cause, request.localFile),
    hint: words === "" ? whereabouts : `Its last words:\n${words}\n${whereabouts}`,
    cause: cause?.excerpt,
  });
}

/** A step is cancelled by somebody, or because its cluster ended before it began. */
async function explainCancelled(
  { clusterId, stepId }: SubmittedStep,
  { name }: JobRequest,
  step: StepReporter,
): Promise<LakeError> {
  const { State: state, StateChangeReason: reason } = (await readCluster(clusterId, step))?.Status ?? {};
  if (state === "TERMINATED_WITH_ERRORS") {
    const why = reason?.Message ?? reason?.Code ?? "EMR gives no reason";
    return new LakeError(
      "cluster-failed",
      `cluster ${clusterId} ended before job ${name} could run: ${why}`,
      {
        hint: "Correct the cluster's network, roles or instance types, then run the same command again.",
      },
    );
  }
  return new LakeError("job-failed", `job ${name} (step ${stepId}) was cancelled by somebody else`, {
    hint: "Run the same command again.",
  });
}
