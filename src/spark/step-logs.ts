import type { Step } from "@aws-sdk/client-emr";
import { awsCodeOf, LakeError, messageOf, note, poll, type StepReporter } from "../core/index.ts";
import { readCluster, toLogUri } from "./clusters.ts";
import { readLogTail, type LogTail } from "./driver-log.ts";
import type { SubmittedStep } from "./start-job.ts";

/** The ends of a step's logs; undefined is what was not delivered in time. */
export interface StepLogs {
  readonly stdout: string | undefined;
  readonly stderr: string | undefined;
  /** The folder they are in, as `s3://…/`; undefined for a cluster that keeps no logs. */
  readonly place: string | undefined;
}

/** What to wait for, and how many milliseconds. */
export interface LogWait {
  readonly needed: readonly ("stdout" | "stderr")[];
  readonly within: number;
  /** Where logs go for a cluster that does not say so itself. */
  readonly logs: string | undefined;
}

/**
 * Reads a step's logs, waiting at most `within` milliseconds for EMR to deliver those that are needed: it copies them
 * from the cluster to S3 every five minutes and once more when the cluster ends (EMR Management Guide, "View log
 * files").
 */
export async function waitForLogs(
  { clusterId, stepId }: SubmittedStep,
  ended: Step,
  { needed, within, logs: given }: LogWait,
  step: StepReporter,
): Promise<StepLogs> {
  const uri = toLogUri((await readCluster(clusterId, step))?.LogUri ?? given);
  if (uri === undefined) return { stdout: undefined, stderr: undefined, place: undefined };
  const place = `${uri}${clusterId}/steps/${stepId}/`;
  const [bucket = "", ...folders] = place.replace(/^s3:\/\//, "").split("/");
  const read = (name: string) =>
    readLogTail({ bucket, key: [...folders.slice(0, -1), name].join("/") }, step);
  let logs: StepLogs = { stdout: undefined, stderr: undefined, place };
  try {
    return await poll<StepLogs>({
      what: `the log of step ${stepId}`,
      every: 10_000,
      within,
      signal: step.signal,
      clock: step.clock,
      probe: async () => {
        const tails = { stdout: await read("stdout.gz"), stderr: await read("stderr.gz") };
        logs = { stdout: tails.stdout?.text, stderr: tails.stderr?.text, place };
        const isThere = needed.every((name) => isWhole(tails[name], ended));
        return isThere ? { done: logs } : { waiting: "not delivered" };
      },
    });
  } catch (error) {
    if (error instanceof LakeError && error.reason === "timed-out") return logs;
    if (awsCodeOf(error) === undefined || step.signal.aborted) throw error;
    // How the job ended is known, and more to the user than why its log cannot be read.
    note(step, "warning", `the log in ${place} could not be read: ${messageOf(error)}`);
    return logs;
  }
}

/** Whether a log was written when the step ended, and not while it ran. S3 tells times in whole seconds. */
function isWhole(log: LogTail | undefined, ended: Step): boolean {
  const end = ended.Status?.Timeline?.EndDateTime;
  if (log === undefined) return false;
  return end === undefined || log.written === undefined || log.written.getTime() >= end.getTime() - 5000;
}
