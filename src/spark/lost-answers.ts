import { randomUUID } from "node:crypto";
import { EMRClient, ListStepsCommand, paginateListClusters } from "@aws-sdk/client-emr";
import { messageOf, note, type Context } from "../core/index.ts";
import { cancelJob, terminateCluster } from "./cancel-job.ts";
import { liveStates } from "./clusters.ts";
import type { SubmittedStep } from "./start-job.ts";
import type { SparkSubmit } from "./step-arguments.ts";

/*
 * EMR has no token that makes a submission unique: when its answer is lost on the way, the SDK submits again, and the job
 * would run twice. So every submission carries a mark, and one that took several attempts is looked for by it.
 */

/** A job whose submission can be told from every other. */
export interface MarkedJob extends SparkSubmit {
  readonly mark: string;
}

/** Marks a job in a setting that Spark keeps and nobody reads. */
export function markJob(job: SparkSubmit): MarkedJob {
  const mark = randomUUID();
  return { ...job, conf: { ...job.conf, "spark.datalake.submission": mark }, mark };
}

/** Cancels the steps that earlier attempts of the same submission have left on the cluster. Never throws. */
export async function cancelTwins(
  submitted: SubmittedStep,
  { mark }: MarkedJob,
  context: Context,
): Promise<void> {
  const { clusterId, stepId } = submitted;
  await unlessRefused(`cluster ${clusterId}`, context, async () => {
    for (const twin of await findSteps(clusterId, mark, context))
      if (twin !== stepId) await cancelJob({ ...submitted, stepId: twin }, context);
  });
}

/** Terminates the clusters that earlier attempts of the same submission have started. Never throws. */
export async function terminateTwins(
  clusterId: string,
  name: string | undefined,
  { mark }: MarkedJob,
  context: Context,
): Promise<void> {
  await unlessRefused(`clusters named ${name ?? ""}`, context, async () => {
    const client = context.clients.use(EMRClient);
    const pages = paginateListClusters(
      { client },
      { ClusterStates: [...liveStates] },
      { abortSignal: context.signal },
    );
    for await (const { Clusters: clusters = [] } of pages) {
      for (const { Id: id = "", Name: other } of clusters) {
        if (id === clusterId || other !== name) continue;
        if ((await findSteps(id, mark, context)).length > 0) await terminateCluster(id, context);
      }
    }
  });
}

async function findSteps(clusterId: string, mark: string, context: Context): Promise<string[]> {
  const answer = await context.clients
    .use(EMRClient)
    .send(new ListStepsCommand({ ClusterId: clusterId }), { abortSignal: context.signal });
  const marked = (answer.Steps ?? []).filter((step) => step.Config?.Args?.some((one) => one.endsWith(mark)));
  return marked.flatMap(({ Id: id }) => id ?? []);
}

async function unlessRefused(where: string, context: Context, look: () => Promise<void>): Promise<void> {
  try {
    await look();
  } catch (error) {
    const text = `the job was submitted several times, as answers were lost, and may run twice; look at ${where}`;
    note(context, "warning", `${text}: ${messageOf(error)}`);
  }
}
