import { symlink, truncate } from "node:fs/promises";
import { join } from "node:path";
import {
  CreateBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import type { LakeEvent } from "../../src/core/index.ts";
import { listObjects, measurePrefix, uploadFile, uploadFolder } from "../../src/objects/index.ts";
import { createContext, uniqueName } from "../support/local-lake.ts";
import { makeFolder } from "../support/temporary-lake.ts";

type Lake = ReturnType<typeof createContext>;

async function makeBucket(context: Lake): Promise<string> {
  const bucket = uniqueName("upload");
  await context.clients.use(S3Client).send(
    new CreateBucketCommand({
      Bucket: bucket,
      CreateBucketConfiguration: { LocationConstraint: "ap-northeast-1" },
    }),
  );
  return bucket;
}

async function keysOf(bucket: string, context: Lake): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of listObjects({ bucket }, context)) keys.push(key);
  return keys;
}

/** How often an operation of S3 was called. */
function countCalls(events: readonly LakeEvent[], operation: string): number {
  return events.filter((event) => event.kind === "note" && event.call?.operation === operation).length;
}

test("a folder is uploaded once; then only what changed is sent", async () => {
  const context = createContext();
  const bucket = await makeBucket(context);
  await using folder = await makeFolder({
    "orders/a.csv": "id\n1\n",
    "orders/b.csv": "id\n2\n",
    "c.json": "{}",
  });
  const request = { folder: folder.path, bucket, prefix: "landing/" };

  expect(await uploadFolder(request, context)).toEqual({ uploaded: 3, unchanged: 0, deleted: 0, bytes: 12 });
  expect(await keysOf(bucket, context)).toEqual([
    "landing/c.json",
    "landing/orders/a.csv",
    "landing/orders/b.csv",
  ]);
  const csv = await context.clients
    .use(S3Client)
    .send(new HeadObjectCommand({ Bucket: bucket, Key: "landing/orders/a.csv" }));
  expect(csv.ContentType).toBe("text/csv");

  const again = createContext();
  expect(await uploadFolder(request, again)).toMatchObject({ uploaded: 0, unchanged: 3, bytes: 0 });
  expect(countCalls(again.events, "PutObject") + countCalls(again.events, "HeadObject")).toBe(0);
  expect(again.events.findLast((event) => event.kind === "finished")).toMatchObject({ outcome: "unchanged" });

  await folder.write("orders/b.csv", "id\n3\n");
  expect(await uploadFolder(request, context)).toMatchObject({ uploaded: 1, unchanged: 2, bytes: 5 });
});

test("what the folder does not have stays, unless the folder is mirrored", async () => {
  const context = createContext();
  const bucket = await makeBucket(context);
  await using folder = await makeFolder({ "a.csv": "1" });
  for (const key of ["landing/old.csv", "landing2/other.csv"]) {
    await context.clients.use(S3Client).send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: "x" }));
  }
  const request = { folder: folder.path, bucket, prefix: "landing/" };

  expect(await uploadFolder(request, context)).toMatchObject({ uploaded: 1, deleted: 0 });
  expect(await keysOf(bucket, context)).toHaveLength(3);
  expect(await uploadFolder({ ...request, mirror: true }, context)).toMatchObject({
    unchanged: 1,
    deleted: 1,
  });
  expect(await keysOf(bucket, context)).toEqual(["landing/a.csv", "landing2/other.csv"]);
});

test("a large file goes up in parts and is known again, also when it has just another part", async () => {
  const context = createContext();
  const bucket = await makeBucket(context);
  const part = "0123456789abcdef".repeat(512 * 1024);
  await using folder = await makeFolder({ "large.csv": `${part}tail`, "exact.csv": part });
  const request = { folder: folder.path, bucket, prefix: "" };

  expect(await uploadFolder(request, context)).toMatchObject({ uploaded: 2 });
  expect(countCalls(context.events, "UploadPart")).toBe(2);
  const again = createContext();
  expect(await uploadFolder(request, again)).toMatchObject({ uploaded: 0, unchanged: 2 });
  expect(countCalls(again.events, "HeadObject")).toBe(0);
  expect(await measurePrefix({ bucket }, context)).toEqual({ objects: 2, bytes: 2 * part.length + 4 });
});

test("an upload in parts that is cancelled leaves no parts", async () => {
  const controller = new AbortController();
  const context = createContext(controller.signal, (event) => {
    if (event.kind === "note" && event.call?.operation === "CreateMultipartUpload") controller.abort();
  });
  const bucket = await makeBucket(context);
  await using folder = await makeFolder({ "large.csv": "" });
  await truncate(join(folder.path, "large.csv"), 40 * 1024 * 1024);
  const upload = uploadFolder({ folder: folder.path, bucket, prefix: "" }, context);
  await expect(upload).rejects.toMatchObject({ reason: "cancelled" });
  expect(countCalls(context.events, "CreateMultipartUpload")).toBe(1);

  const after = createContext();
  const open = await after.clients.use(S3Client).send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  expect(open.Uploads ?? []).toEqual([]);
  expect(await keysOf(bucket, after)).toEqual([]);
});

test("content is known by its SHA-256 where the object's ETag is no MD5 of it", async () => {
  const context = createContext();
  const bucket = await makeBucket(context);
  await using folder = await makeFolder({ "a.csv": "12345" });
  const request = { folder: folder.path, bucket, prefix: "" };
  await uploadFolder(request, context);
  const { Metadata } = await context.clients
    .use(S3Client)
    .send(new HeadObjectCommand({ Bucket: bucket, Key: "a.csv" }));
  // Other bytes of the same length, with the metadata of ours: what an encrypted object looks like in a listing.
  await context.clients
    .use(S3Client)
    .send(new PutObjectCommand({ Bucket: bucket, Key: "a.csv", Body: "54321", Metadata }));

  expect(await uploadFolder(request, context)).toMatchObject({ uploaded: 0, unchanged: 1 });
});

test("hidden files and links are left out", async () => {
  const context = createContext();
  const bucket = await makeBucket(context);
  await using folder = await makeFolder({ "a.csv": "1", ".DS_Store": "x", ".git/config": "x" });
  await symlink("/etc/hostname", join(folder.path, "link.csv"));

  await uploadFolder({ folder: folder.path, bucket, prefix: "" }, context);
  expect(await keysOf(bucket, context)).toEqual(["a.csv"]);
});

test("an empty folder, one that is not there and a bucket that is not there are errors of their own", async () => {
  const context = createContext();
  const bucket = await makeBucket(context);
  await using folder = await makeFolder({});
  const request = { folder: folder.path, bucket, prefix: "" };

  await expect(uploadFolder(request, context)).rejects.toMatchObject({ reason: "nothing-to-read" });
  const nowhere = { ...request, folder: join(folder.path, "nowhere") };
  await expect(uploadFolder(nowhere, context)).rejects.toMatchObject({ reason: "invalid-input" });
  await folder.write("a.csv", "1");
  const unknown = { ...request, bucket: uniqueName("unknown") };
  await expect(uploadFolder(unknown, context)).rejects.toMatchObject({
    reason: "upload-failed",
    message: `there is no bucket ${unknown.bucket}`,
  });
});

test("a script's key is decided by its content", async () => {
  const context = createContext();
  const bucket = await makeBucket(context);
  await using folder = await makeFolder({ "job.py": "print(1)\n" });
  const request = { file: join(folder.path, "job.py"), bucket, prefix: "scripts/" };

  const first = await uploadFile(request, context);
  expect(first.key).toMatch(/^scripts\/[0-9a-f]{16}\/job\.py$/);
  expect(first).toMatchObject({ uploaded: true, url: `s3://${bucket}/${first.key}` });
  const unknown = { ...request, bucket: uniqueName("unknown") };
  await expect(uploadFile(unknown, context)).rejects.toMatchObject({ reason: "upload-failed" });
  expect(await uploadFile(request, context)).toMatchObject({ uploaded: false, key: first.key });
  await folder.write("job.py", "print(2)\n");
  const second = await uploadFile(request, context);
  expect(second.key).not.toBe(first.key);
  expect(await keysOf(bucket, context)).toEqual([first.key, second.key].sort());
  await expect(uploadFile({ ...request, file: join(folder.path, "no.py") }, context)).rejects.toMatchObject({
    reason: "invalid-input",
  });
});
