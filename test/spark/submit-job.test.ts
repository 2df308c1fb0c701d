import { join } from "node:path";
import { DescribeClusterCommand, EMRClient } from "@aws-sdk/client-emr";
import { expect, test } from "vitest";
import type { Context } from "../../src/core/index.ts";
import { uploadFile } from "../../src/objects/index.ts";
import { findLiveCluster, listActiveSteps, submitJob, type JobRequest } from "../../src/spark/index.ts";
import { createContext, uniqueName } from "../support/local-lake.ts";
import { makeFolder } from "../support/temporary-lake.ts";
import { makeBucket, makeCluster, shape } from "./emr-bed.ts";

const within = 120_000;
const spark = 180_000;

/** Uploads a script and makes a request to run it. */
async function makeJob(
  python: string,
  bucket: string,
  context: Context,
): Promise<Omit<JobRequest, "cluster">> {
  await using folder = await makeFolder({ "job.py": python });
  const { url } = await uploadFile(
    { file: join(folder.path, "job.py"), bucket, prefix: "scripts/" },
    context,
  );
  return { name: "job", script: url, arguments: ["x y"], conf: {}, within, localFile: "jobs/job.py" };
}

test(
  "a job on a live cluster gives its output; one that throws names the line of its script",
  { timeout: spark },
  async () => {
    const context = createContext();
    const bucket = await makeBucket(context);
    const id = await makeCluster(bucket, context);
    const good = await makeJob(
      'import json, sys\nprint("begin")\nprint(json.dumps({"given": sys.argv[1:]}))\n',
      bucket,
      context,
    );
    const bad = await makeJob(
      "import os\n\ndef main():\n    raise ValueError(os.sep + 'no rows')\n\nmain()\n",
      bucket,
      context,
    );

    const result = await submitJob({ ...good, cluster: { id } }, context);
    expect(result).toMatchObject({ clusterId: id, output: { json: { given: ["x y"] } } });
    expect(result.output?.lines).toContain("begin");
    const told = context.events.filter((event) => event.kind === "progress").map((event) => event.text);
    expect(told).toContain("running");

    await expect(submitJob({ ...bad, cluster: { id } }, context)).rejects.toMatchObject({
      reason: "job-failed",
      message: "job job failed: ValueError: /no rows",
      place: { file: "jobs/job.py", line: 4 },
      hint: expect.stringMatching(
        new RegExp(`^Its logs are in s3://${bucket}/logs/${id}/steps/s-\\w+/\\.$`),
      ) as string,
    });
  },
);

test("a job that is cancelled is cancelled in EMR, and the cluster goes on", { timeout: spark }, async () => {
  const controller = new AbortController();
  const context = createContext(controller.signal);
  const bucket = await makeBucket(context);
  const id = await makeCluster(bucket, context);
  const sleeping = await makeJob("import time\ntime.sleep(600)\n", bucket, context);
  const job = submitJob({ ...sleeping, cluster: { id } }, context);
  const ended = expect(job).rejects.toMatchObject({ reason: "cancelled" });
  await expect
    .poll(() => context.events.some((event) => event.kind === "progress" && event.text === "running"), {
      timeout: within,
    })
    .toBe(true);
  expect(await listActiveSteps(id, createContext())).toEqual([{ name: "job", state: "RUNNING" }]);
  controller.abort();
  await ended;

  const after = createContext();
  await expect.poll(() => listActiveSteps(id, after), { timeout: within }).toEqual([]);
  expect(await findLiveCluster(bucket, after)).toMatchObject({
    id,
    name: bucket,
    logUri: `s3://${bucket}/logs/`,
  });
});

test("a cluster that is started for a job ends with it", { timeout: spark }, async () => {
  const context = createContext();
  const bucket = await makeBucket(context);
  const transient = shape(bucket);
  const job = await makeJob("print('{\"rows\": 3}')\n", bucket, context);

  const result = await submitJob({ ...job, cluster: { transient }, logs: `s3://${bucket}/logs/` }, context);
  expect(result.output?.json).toEqual({ rows: 3 });
  expect(await findLiveCluster(result.clusterId, context)).toBeUndefined();
  const client = context.clients.use(EMRClient);
  await expect
    .poll(async () => {
      const answer = await client.send(new DescribeClusterCommand({ ClusterId: result.clusterId }));
      return answer.Cluster?.Status?.State;
    })
    .toBe("TERMINATED");

  const controller = new AbortController();
  const cancelled = createContext(controller.signal);
  const second = submitJob({ ...job, cluster: { transient } }, cancelled);
  const ended = expect(second).rejects.toMatchObject({ reason: "cancelled" });
  await expect.poll(() => cancelled.events.some((event) => event.kind === "progress")).toBe(true);
  controller.abort();
  await ended;
  await expect.poll(() => findLiveCluster(bucket, context)).toBeUndefined();
});

test("a cluster that takes no steps is refused, with what to do", async () => {
  const context = createContext();
  const job = {
    name: "job",
    script: "s3://b/job.py",
    arguments: [],
    conf: {},
    within,
    cluster: { id: "j-NOBODY" },
  };

  await expect(submitJob(job, context)).rejects.toMatchObject({
    reason: "cluster-failed",
    message: "cluster j-NOBODY is not there or takes no steps any more",
  });
  expect(await findLiveCluster(uniqueName("nobody"), context)).toBeUndefined();
  expect(await listActiveSteps("j-NOBODY", context)).toEqual([]);
});
