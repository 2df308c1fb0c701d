import { ListObjectVersionsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { stacksOf } from "../support/lakes.ts";
import { createContext, uniqueName } from "../support/local-lake.ts";
import { runAction } from "../support/run-action.ts";
import { makeSmallLake, smallTemplate, type SmallLake } from "../support/temporary-lake.ts";
import { expectFailure } from "./expect-failure.ts";
import { addFault, holdDeletion } from "./faults.ts";
import { makeStack } from "./stacks.ts";
import { makeNoteTemplate } from "./templates.ts";

// With it, every call to AWS is told as soon as it is answered: what a test can wait for.
const debug = { RUNNER_DEBUG: "1" };
const cancelled = { reason: "cancelled", title: "Cancelled", says: "the run was cancelled" } as const;

/** A lake of two layers, of which b is deleted before a, and whose deletion lasts. */
async function makeLastingLake(): Promise<SmallLake> {
  const name = uniqueName("cancel");
  const a = smallTemplate([], {});
  const b = makeNoteTemplate(name);
  const lake = await makeSmallLake({ a, b }, { name, more: { b: ", needs: [a]" } });
  await makeStack(`${name}-a-dev`, a);
  await makeStack(`${name}-b-dev`, b);
  await holdDeletion(name, 3000);
  return lake;
}

test("a teardown cancelled while it looks at what is there has deleted nothing", async () => {
  await using lake = await makeLastingLake();
  const rule = {
    service: "cloudformation",
    operation: "ListStackResources",
    kind: "delay",
    delay: 2000,
  } as const;
  await addFault({ ...rule, resource: lake.name });
  const options = { cwd: lake.path, variables: debug, cancel: /CloudFormation DescribeStacks/ };
  const result = await runAction("teardown", { confirm: "dev" }, options);
  expectFailure(result, { ...cancelled, says: "the run was cancelled\nRun the job again to go on." });
  expect(await stacksOf(lake.name)).toEqual([
    `${lake.name}-a-dev CREATE_COMPLETE`,
    `${lake.name}-b-dev CREATE_COMPLETE`,
  ]);
});

test("a teardown cancelled while a stack is deleted says that AWS goes on, and begins no other", async () => {
  await using lake = await makeLastingLake();
  const options = { cwd: lake.path, variables: debug, cancel: /CloudFormation DeleteStack/ };
  const result = await runAction("teardown", { confirm: "dev" }, options);
  expectFailure(result, { ...cancelled, says: "not begun because of it: a" });
  expect(result.log).toContain(`! ${lake.name}-b-dev is still being deleted; AWS goes on with it`);
  expect(result.post).toBe("");
  await expect
    .poll(() => stacksOf(lake.name), { timeout: 20_000 })
    .toEqual([`${lake.name}-a-dev CREATE_COMPLETE`]);
});

test("a teardown killed while a stack is deleted has begun nothing that has to be stopped", async () => {
  await using lake = await makeLastingLake();
  const options = { cwd: lake.path, variables: debug, kill: /CloudFormation DeleteStack/ };
  const result = await runAction("teardown", { confirm: "dev" }, options);
  expect(result).toMatchObject({ code: null, post: "", outputs: {} });
  const again = await runAction("teardown", { confirm: "dev" }, { cwd: lake.path });
  expect(again).toMatchObject({ code: 0, annotations: [] });
  expect(await stacksOf(lake.name)).toEqual([]);
});

test("a teardown cancelled while it empties a bucket deletes no stack, and keeps what it had not come to", async () => {
  const template = JSON.stringify({ Resources: { Raw: { Type: "AWS::S3::Bucket" } } });
  await using lake = await makeSmallLake({ a: template });
  const { Raw: bucket = "" } = await makeStack(`${lake.name}-a-dev`, template);
  const s3 = createContext().clients.use(S3Client);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "landing/orders.csv", Body: "1,2\n" }));
  const rule = { service: "s3", operation: "ListMultipartUploads", kind: "delay", delay: 2000 } as const;
  await addFault({ ...rule, resource: bucket });
  const options = { cwd: lake.path, variables: debug, cancel: /S3 ListObjectVersions/ };
  const result = await runAction("teardown", { confirm: "dev", "deep-clean": "true" }, options);
  expectFailure(result, { ...cancelled, says: "the run was cancelled\nRun the job again to go on." });
  expect(await stacksOf(lake.name)).toEqual([`${lake.name}-a-dev CREATE_COMPLETE`]);
  const { Versions: versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
  expect(versions).toHaveLength(1);
});
