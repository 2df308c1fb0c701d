import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { countVersions, emptyBucket } from "../../src/objects/index.ts";
import { createContext, uniqueName } from "../support/local-lake.ts";

type Lake = ReturnType<typeof createContext>;

/** Makes a bucket that keeps versions. */
async function makeBucket(context: Lake, locked = false): Promise<string> {
  const bucket = uniqueName("empty");
  const client = context.clients.use(S3Client);
  const CreateBucketConfiguration = { LocationConstraint: "ap-northeast-1" } as const;
  await client.send(
    new CreateBucketCommand({
      Bucket: bucket,
      CreateBucketConfiguration,
      ObjectLockEnabledForBucket: locked,
    }),
  );
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
  return bucket;
}

test("every version, delete marker and unfinished upload goes, also beyond one page of a listing", async () => {
  const context = createContext();
  const bucket = await makeBucket(context);
  const client = context.clients.use(S3Client);
  const keys = Array.from({ length: 41 }, (_, index) => `${index + 10}.csv`);
  for (const key of keys)
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: "12345" }));
  // Each deletion of a key leaves a delete marker: 25 versions a key, so that 40 keys fill the first page.
  const deletions = keys.flatMap((Key) => Array.from({ length: 24 }, () => ({ Key })));
  await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: deletions } }));
  await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: "unfinished" }));
  const all = { versions: 41 * 25, bytes: 41 * 5 };

  expect(await countVersions({ bucket, limit: 10_000 }, context)).toEqual({ ...all, complete: true });
  expect(await countVersions({ bucket, limit: 1 }, context)).toMatchObject({
    versions: 1000,
    complete: false,
  });

  expect(await emptyBucket(bucket, context)).toEqual({ ...all, uploads: 1 });
  expect(await countVersions({ bucket, limit: 1 }, context)).toEqual({
    versions: 0,
    bytes: 0,
    complete: true,
  });
  const uploads = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  expect(uploads.Uploads ?? []).toEqual([]);
});

test("an empty bucket and one that is not there have nothing to delete", async () => {
  const context = createContext();
  const bucket = await makeBucket(context);

  expect(await emptyBucket(bucket, context)).toEqual({ versions: 0, bytes: 0, uploads: 0 });
  expect(await emptyBucket(uniqueName("nowhere"), context)).toEqual({ versions: 0, bytes: 0, uploads: 0 });
  expect(context.events.filter((event) => event.kind === "finished")).toMatchObject([
    { outcome: "unchanged" },
    { outcome: "unchanged" },
  ]);
});

test("an object that S3 refuses to delete is named, although the answer says 200", async () => {
  const context = createContext();
  const bucket = await makeBucket(context, true);
  const client = context.clients.use(S3Client);
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: "evidence.csv", Body: "x" }));
  const hold = (Status: "ON" | "OFF") =>
    client.send(
      new PutObjectLegalHoldCommand({ Bucket: bucket, Key: "evidence.csv", LegalHold: { Status } }),
    );
  await hold("ON");

  await expect(emptyBucket(bucket, context)).rejects.toMatchObject({
    reason: "delete-failed",
    message: expect.stringContaining(
      `s3://${bucket}/evidence.csv could not be deleted: AccessDenied`,
    ) as string,
  });
  await hold("OFF");
  expect(await emptyBucket(bucket, context)).toMatchObject({ versions: 1 });
});

test("emptying stops when it is cancelled, and can be taken up again", async () => {
  const controller = new AbortController();
  const context = createContext(controller.signal);
  const bucket = await makeBucket(context);
  await context.clients.use(S3Client).send(new PutObjectCommand({ Bucket: bucket, Key: "a", Body: "x" }));
  controller.abort();

  await expect(emptyBucket(bucket, context)).rejects.toMatchObject({ reason: "cancelled" });
  expect(await emptyBucket(bucket, createContext())).toMatchObject({ versions: 1 });
});
