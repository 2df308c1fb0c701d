import { open, type FileHandle } from "node:fs/promises";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  S3Client,
  UploadPartCommand,
  type CompletedPart,
  type CreateMultipartUploadCommandInput,
} from "@aws-sdk/client-s3";
import { LakeError, messageOf, note, type Context, forEachInParallel } from "../core/index.ts";
import { partSizeOf, type LocalFile } from "./local-files.ts";

// The SDK sends a CRC32 with each part; S3 then wants it announced at the start and repeated at the end.
const ChecksumAlgorithm = "CRC32";

/** Where an upload in parts goes, and what S3 calls it. */
interface PartTarget {
  readonly Bucket: string | undefined;
  readonly Key: string | undefined;
  readonly UploadId: string | undefined;
}

/**
 * Puts a file in parts, four at a time. If it fails or is cancelled its parts are deleted before this throws: S3 would
 * keep them, unseen and paid for, until somebody does.
 */
export async function putInParts(
  file: LocalFile,
  object: CreateMultipartUploadCommandInput,
  context: Context,
): Promise<void> {
  const client = context.clients.use(S3Client);
  const { Bucket, Key } = object;
  // Not cancellable: an upload whose id is lost could not be aborted.
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...object, ChecksumAlgorithm }));
  const target = { Bucket, Key, UploadId };
  try {
    await using handle = await open(file.path);
    const MultipartUpload = { Parts: await sendParts(handle, file.size, target, context) };
    await client.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload }), {
      abortSignal: context.signal,
    });
  } catch (error) {
    await abortUpload(target, context);
    throw error;
  }
}

async function sendParts(
  handle: FileHandle,
  size: number,
  target: PartTarget,
  context: Context,
): Promise<CompletedPart[]> {
  const client = context.clients.use(S3Client);
  const partSize = partSizeOf(size);
  const numbers = Array.from({ length: Math.ceil(size / partSize) }, (_, index) => index + 1);
  const parts = new Map<number, CompletedPart>();
  await forEachInParallel(numbers, 4, async (PartNumber) => {
    const start = (PartNumber - 1) * partSize;
    const Body = Buffer.alloc(Math.min(partSize, size - start));
    const { bytesRead } = await handle.read(Body, 0, Body.length, start);
    if (bytesRead < Body.length) throw changed(target);
    const part = await client.send(
      new UploadPartCommand({ ...target, PartNumber, Body, ChecksumAlgorithm }),
      {
        abortSignal: context.signal,
      },
    );
    parts.set(PartNumber, { PartNumber, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 });
  });
  return numbers.map((number) => parts.get(number)).filter((part) => part !== undefined);
}

function changed({ Bucket = "", Key = "" }: PartTarget): LakeError {
  return new LakeError(
    "upload-failed",
    `the file for s3://${Bucket}/${Key} became shorter while it was uploaded`,
    {
      hint: "Run the same command again once nothing writes the file.",
    },
  );
}

/** Never throws: another error is on its way to the user. */
async function abortUpload(target: PartTarget, context: Context): Promise<void> {
  try {
    await context.clients
      .use(S3Client)
      .send(new AbortMultipartUploadCommand(target), { abortSignal: AbortSignal.timeout(5000) });
  } catch (error) {
    const what = `s3://${target.Bucket ?? ""}/${target.Key ?? ""}`;
    note(context, "warning", `parts of ${what} were left behind and cost on: ${messageOf(error)}`);
  }
}
