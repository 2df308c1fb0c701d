import {
  DescribeClusterCommand,
  EMRClient,
  paginateListClusters,
  type Cluster,
  type ClusterState,
} from "@aws-sdk/client-emr";
import { awsCodeOf, LakeError, type Context } from "../core/index.ts";

/** A cluster that takes or will take steps. */
export interface LiveCluster {
  readonly id: string;
  readonly name: string;
  readonly state: ClusterState;
  /** Where its logs go, as `s3://…/`; undefined for a cluster that keeps none. */
  readonly logUri: string | undefined;
}

/** The states in which a cluster takes steps, or will. */
export const liveStates: readonly ClusterState[] = ["WAITING", "RUNNING", "BOOTSTRAPPING", "STARTING"];

/**
 * Finds a cluster that lives, by its id or by its name; of several with that name the newest.
 *
 * @returns undefined where there is none, or where it is terminating or terminated.
 */
export async function findLiveCluster(nameOrId: string, context: Context): Promise<LiveCluster | undefined> {
  if (/^j-[A-Z0-9]+$/.test(nameOrId)) return readLive(nameOrId, context);
  const client = context.clients.use(EMRClient);
  const pages = paginateListClusters(
    { client },
    { ClusterStates: [...liveStates] },
    { abortSignal: context.signal },
  );
  // EMR lists the newest cluster first.
  for await (const page of pages) {
    const found = page.Clusters?.find((cluster) => cluster.Name === nameOrId);
    if (found?.Id !== undefined) return readLive(found.Id, context);
  }
  return undefined;
}

async function readLive(id: string, context: Context): Promise<LiveCluster | undefined> {
  const cluster = await readCluster(id, context);
  const state = cluster?.Status?.State;
  if (cluster === undefined || state === undefined || !liveStates.includes(state)) return undefined;
  return { id, name: cluster.Name ?? "", state, logUri: toLogUri(cluster.LogUri) };
}

/** A cluster in any state; undefined where there is none of that id. */
export async function readCluster(id: string, context: Context): Promise<Cluster | undefined> {
  try {
    const answer = await context.clients
      .use(EMRClient)
      .send(new DescribeClusterCommand({ ClusterId: id }), { abortSignal: context.signal });
    return answer.Cluster;
  } catch (error) {
    if (awsCodeOf(error) === "InvalidRequestException") return undefined;
    throw error;
  }
}

/** A log URI as S3 reads it: EMR answers `s3n://` for what was given as `s3://`, with or without a `/` at the end. */
export function toLogUri(uri: string | undefined): string | undefined {
  return uri === undefined || uri === "" ? undefined : `${uri.replace(/^s3n:/, "s3:").replace(/\/$/, "")}/`;
}

/**
 * A cluster that lives.
 *
 * @throws LakeError `cluster-failed`.
 */
export async function requireLiveCluster(id: string, context: Context): Promise<LiveCluster> {
  const cluster = await findLiveCluster(id, context);
  if (cluster !== undefined) return cluster;
  throw new LakeError("cluster-failed", `cluster ${id} is not there or takes no steps any more`, {
    hint: "Use a cluster that is waiting or running, or let the job start one of its own.",
  });
}
