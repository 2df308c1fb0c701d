import {
  AddJobFlowStepsCommand,
  CancelStepsCommand,
  DescribeClusterCommand,
  EMRClient,
  ListClustersCommand,
  ListStepsCommand,
  TerminateJobFlowsCommand,
} from "@aws-sdk/client-emr";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, onTestFinished, test } from "vitest";
import { makeBucket, makeCluster, shape } from "../spark/emr-bed.ts";
import { describeFailure } from "./describe-failure.ts";
import { createContext } from "../support/local-lake.ts";
import { runAction, type ActionOptions, type ActionOutcome } from "../support/run-action.ts";
import { makeFolder } from "../support/temporary-lake.ts";

/** EMR ends what it was told to in its own time, and a busy machine takes longer. */
const patient = { timeout: 30_000 };

const endless = "import time\nprint('begun', flush=True)\ntime.sleep(600)\n";
const quick = "print('{\"rows\": 3}')\n";

/** Runs one of the scripts in a lake whose only layer's template has a cluster of the bucket's name, not deployed. */
async function submit(
  bucket: string,
  inputs: Readonly<Record<string, string>>,
  options: Omit<ActionOptions, "cwd"> = {},
): Promise<ActionOutcome> {
  const { Instances, ...rest } = shape(bucket);
  const [master] = Instances.InstanceGroups;
  const Properties = { ...rest, Instances: { MasterInstanceGroup: { ...master, InstanceRole: undefined } } };
  await using folder = await makeFolder({
    "lake.yaml":
      "name: acme\nregion: ap-northeast-1\nenvironments: { dev: {} }\nlayers: { compute: { template: emr.json } }\n",
    "emr.json": JSON.stringify({ Resources: { Cluster: { Type: "AWS::EMR::Cluster", Properties } } }),
    "endless.py": endless,
    "quick.py": quick,
  });
  const places = { scripts: `s3://${bucket}/scripts/`, logs: `s3://${bucket}/logs/` };
  const variables = { RUNNER_DEBUG: "1" };
  return await runAction(
    "run-emr-job",
    { ...places, ...inputs },
    { cwd: folder.path, variables, ...options },
  );
}

const emr = () => createContext().clients.use(EMRClient);

/** States of a cluster's steps, the oldest first. */
async function stepsOf(id: string): Promise<(string | undefined)[]> {
  const { Steps = [] } = await emr().send(new ListStepsCommand({ ClusterId: id }));
  return Steps.map((step) => step.Status?.State).reverse();
}

/** States of the clusters that were started for a job of that lake, each with those of its steps. */
async function transientsOf(bucket: string): Promise<string[]> {
  const { Clusters = [] } = await emr().send(new ListClustersCommand({}));
  const own = Clusters.filter(({ Name }) => Name === `${bucket}-job`);
  return Promise.all(
    own.map(async ({ Id = "", Status }) => `${Status?.State ?? ""}: ${(await stepsOf(Id)).join(", ")}`),
  );
}

const cancelled = {
  code: 1,
  reason: "cancelled",
  verdict: "failed",
  annotations: ["error Cancelled: the run was cancelled\nRun the job again to go on."],
};

const followed = /EMR AddJobFlowSteps[\s\S]+EMR DescribeStep/;

/** A bucket and its cluster, which runs one step at a time. */
async function makeBed() {
  const context = createContext();
  const bucket = await makeBucket(context);
  return { bucket, cluster: await makeCluster(bucket, context) };
}

/** Gives the cluster work that does not end, so that what comes after waits. */
async function occupy({ bucket, cluster }: Awaited<ReturnType<typeof makeBed>>): Promise<void> {
  const Key = "endless.py";
  await createContext()
    .clients.use(S3Client)
    .send(new PutObjectCommand({ Bucket: bucket, Key, Body: endless }));
  const HadoopJarStep = { Jar: "command-runner.jar", Args: ["spark-submit", `s3://${bucket}/${Key}`] };
  const Steps = [{ Name: "endless", ActionOnFailure: "CONTINUE" as const, HadoopJarStep }];
  await emr().send(new AddJobFlowStepsCommand({ JobFlowId: cluster, Steps }));
  onTestFinished(async () => {
    await emr().send(new TerminateJobFlowsCommand({ JobFlowIds: [cluster] }));
  });
}

test("cancelled before it is submitted, a job is not submitted; cancelled while it runs, it is, and its cluster goes on", async () => {
  const { bucket, cluster } = await makeBed();
  const inputs = { script: "endless.py", cluster };
  const early = await submit(bucket, inputs, { cancel: /EMR DescribeCluster/ });
  expect(describeFailure(early)).toEqual(cancelled);
  expect(await stepsOf(cluster)).toEqual([]);

  const running = await submit(bucket, inputs, { cancel: followed });
  expect(describeFailure(running)).toEqual(cancelled);
  expect(running.log).toMatch(/step s-\w+ was cancelled/);
  expect(running.post).toBe("");
  await expect.poll(() => stepsOf(cluster), patient).toEqual(["CANCELLED"]);
  const { Cluster } = await emr().send(new DescribeClusterCommand({ ClusterId: cluster }));
  expect(Cluster?.Status?.State).toBe("WAITING");
});

test("a job that waits for others is cancelled by a cancel, by its time-out, and by the post step of a killed run", async () => {
  const bed = await makeBed();
  const { bucket, cluster } = bed;
  await occupy(bed);
  const inputs = { script: "quick.py", cluster };
  const stopped = await submit(bucket, inputs, { cancel: followed });
  expect(describeFailure(stopped)).toEqual(cancelled);

  const late = await submit(bucket, { ...inputs, timeout: "0s" });
  const { code, reason, annotations } = describeFailure(late);
  expect({ code, reason }).toEqual({ code: 4, reason: "timed-out" });
  expect(annotations).toEqual([
    expect.stringMatching(
      /^error Timed out: step s-\w+ of cluster j-\w+ was still pending \(cluster running\) after 0 ms\nThe job was cancelled, so that no two runs write the same tables; give it more time and run it again\.$/,
    ),
  ]);

  const killed = await submit(bucket, inputs, { kill: followed });
  expect(killed).toMatchObject({ code: null, outputs: {} });
  expect(killed.post).toMatch(/^::warning title=Stopped afterwards::.*; stopped now: step s-\w+\.$/m);
  expect(await stepsOf(cluster)).toEqual(["RUNNING", "CANCELLED", "CANCELLED", "CANCELLED"]);
});

test.each([
  { when: "as soon as it is asked for", cancel: /EMR RunJobFlow \d+ ms\n/ },
  { when: "while the job is followed", cancel: /EMR RunJobFlow[\s\S]+EMR DescribeStep/ },
])("cancelled $when, a cluster that was started for the job ends with it", async ({ cancel }) => {
  const bucket = await makeBucket(createContext());
  const result = await submit(bucket, { script: "endless.py" }, { cancel });
  expect(describeFailure(result)).toEqual(cancelled);
  expect(result.post).toBe("");
  await expect.poll(() => transientsOf(bucket), patient).toEqual(["TERMINATED: CANCELLED"]);
});

test.each([
  { when: "as soon as it is asked for", kill: /EMR ListSteps/ },
  { when: "while the job is followed", kill: /EMR RunJobFlow[\s\S]+EMR DescribeStep/ },
])("killed $when, a cluster that was started for the job is ended by the post step", async ({ kill }) => {
  const bucket = await makeBucket(createContext());
  const result = await submit(bucket, { script: "endless.py" }, { kill });
  expect(result.post).toMatch(/stopped now: cluster j-\w+\.$/m);
  await expect.poll(() => transientsOf(bucket), patient).toEqual(["TERMINATED: CANCELLED"]);
});

test("a cluster that was started for the job ends with it, whether it goes well or not, even where one is alive", async () => {
  const { bucket, cluster } = await makeBed();
  const result = await submit(bucket, { script: "quick.py", cluster, transient: "true" });
  expect(result).toMatchObject({ code: 0, annotations: [], outputs: { result: '{"rows":3}' }, post: "" });
  expect(result.outputs["cluster-id"]).not.toBe(cluster);
  await expect.poll(() => transientsOf(bucket), patient).toEqual(["TERMINATED: COMPLETED"]);
  expect(await stepsOf(cluster)).toEqual([]);

  const other = await makeBucket(createContext());
  const missing = await submit(other, { script: `s3://${other}/no.py` });
  expect(missing.outputs["failure-reason"]).toBe("job-failed");
  await expect
    .poll(() => transientsOf(other), patient)
    .toEqual([expect.stringMatching(/^TERMINATED\w*: FAILED$/)]);
});

test("a job that somebody else cancels fails with what to do, and one whose log cannot be read with its own end", async () => {
  const { bucket, cluster } = await makeBed();
  const cancelAll = async () => {
    const { Steps = [] } = await emr().send(new ListStepsCommand({ ClusterId: cluster }));
    const StepIds = Steps.map(({ Id = "" }) => Id);
    const StepCancellationOption = "TERMINATE_PROCESS";
    await emr().send(new CancelStepsCommand({ ClusterId: cluster, StepIds, StepCancellationOption }));
  };
  const meanwhile = { when: followed, act: cancelAll };
  const result = await submit(bucket, { script: "endless.py", cluster }, { meanwhile });
  const { reason, annotations } = describeFailure(result);
  expect(reason).toBe("job-failed");
  expect(annotations).toEqual([
    expect.stringMatching(
      /^error Job failed: job endless\.py \(step s-\w+\) was cancelled by somebody else\nRun the same command again\.$/,
    ),
  ]);

  const logs = "s3://nobody-made-this-bucket/logs/";
  const unread = await submit(bucket, { script: `s3://${bucket}/no.py`, logs });
  expect(describeFailure(unread)).toMatchObject({ code: 1, reason: "job-failed" });
  expect(unread.log).toContain("could not be read");
  expect(describeFailure(unread).annotations).toEqual([expect.stringContaining("no.py does not exist")]);
});
