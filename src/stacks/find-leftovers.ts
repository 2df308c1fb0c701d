import { EMRClient, ListClustersCommand } from "@aws-sdk/client-emr";
import { paginateGetDatabases, GlueClient } from "@aws-sdk/client-glue";
import {
  paginateGetResources,
  ResourceGroupsTaggingAPIClient,
} from "@aws-sdk/client-resource-groups-tagging-api";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import type { Context } from "../core/index.ts";
import type { Environment } from "../lake/index.ts";

/** Something that belongs to the environment by its tags or its name. */
export interface FoundResource {
  readonly type: string;
  /** ARN or name. */
  readonly id: string;
  readonly by: "tag" | "name";
}

/** What carries the environment's tags, as the Resource Groups Tagging API tells it. */
export async function findByTag(environment: Environment, context: Context): Promise<FoundResource[]> {
  const client = context.clients.use(ResourceGroupsTaggingAPIClient);
  const filters = [
    { Key: "datalake:lake", Values: [environment.lake.name] },
    { Key: "datalake:environment", Values: [environment.name] },
  ];
  const found: FoundResource[] = [];
  const pages = paginateGetResources({ client }, { TagFilters: filters }, { abortSignal: context.signal });
  for await (const page of pages) {
    for (const { ResourceARN: id = "" } of page.ResourceTagMappingList ?? []) {
      found.push({ type: id.split(":").slice(2, 3).join(""), id, by: "tag" });
    }
  }
  return found;
}

/**
 * Buckets, Glue databases and live clusters whose names begin with the lake's and end with the environment's: what
 * somebody made by hand, or what a deletion left.
 */
export async function findByName(environment: Environment, context: Context): Promise<FoundResource[]> {
  const isOurs = (name: string) =>
    name.startsWith(`${environment.lake.name}-`) && name.endsWith(`-${environment.name}`);
  const [buckets, databases, clusters] = await Promise.all([
    listBuckets(context),
    listDatabases(context),
    listLiveClusters(context),
  ]);
  return [...buckets, ...databases, ...clusters]
    .filter(({ id }) => isOurs(id))
    .map((each) => ({ ...each, by: "name" }));
}

type Named = Omit<FoundResource, "by">;

async function listBuckets(context: Context): Promise<Named[]> {
  const answer = await context.clients
    .use(S3Client)
    .send(new ListBucketsCommand({}), { abortSignal: context.signal });
  return (answer.Buckets ?? []).map(({ Name = "" }) => ({ type: "s3", id: Name }));
}

async function listDatabases(context: Context): Promise<Named[]> {
  const client = context.clients.use(GlueClient);
  const found: Named[] = [];
  for await (const page of paginateGetDatabases({ client }, {}, { abortSignal: context.signal })) {
    found.push(...(page.DatabaseList ?? []).map(({ Name = "" }) => ({ type: "glue", id: Name })));
  }
  return found;
}

async function listLiveClusters(context: Context): Promise<Named[]> {
  const answer = await context.clients
    .use(EMRClient)
    .send(new ListClustersCommand({ ClusterStates: ["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING"] }), {
      abortSignal: context.signal,
    });
  return (answer.Clusters ?? []).map(({ Name = "" }) => ({ type: "elasticmapreduce", id: Name }));
}
