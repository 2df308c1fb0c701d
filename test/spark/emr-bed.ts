import { EMRClient, RunJobFlowCommand } from "@aws-sdk/client-emr";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import type { Context } from "../../src/core/index.ts";
import { region, uniqueName } from "../support/local-lake.ts";

/** What RunJobFlow needs for a small cluster. */
export function shape(name: string) {
  return {
    Name: name,
    ReleaseLabel: "emr-7.5.0",
    ServiceRole: "service",
    JobFlowRole: "profile",
    Instances: {
      InstanceGroups: [{ InstanceRole: "MASTER" as const, InstanceType: "m5.xlarge", InstanceCount: 1 }],
    },
  };
}

/** Makes a bucket. */
export async function makeBucket(context: Context): Promise<string> {
  const bucket = uniqueName("spark");
  await context.clients
    .use(S3Client)
    .send(
      new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: region } }),
    );
  return bucket;
}

/** Starts a cluster of the bucket's name that stays, and logs to the bucket; returns its id. */
export async function makeCluster(bucket: string, context: Context, concurrency = 1): Promise<string> {
  const { Instances, ...rest } = shape(bucket);
  const answer = await context.clients.use(EMRClient).send(
    new RunJobFlowCommand({
      ...rest,
      LogUri: `s3://${bucket}/logs/`,
      StepConcurrencyLevel: concurrency,
      Instances: { ...Instances, KeepJobFlowAliveWhenNoSteps: true },
    }),
  );
  return answer.JobFlowId ?? "";
}
