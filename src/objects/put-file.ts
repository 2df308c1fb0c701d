import { readFile } from "node:fs/promises";
import { PutObjectCommand, S3Client, type PutObjectCommandInput } from "@aws-sdk/client-s3";
import { awsCodeOf, LakeError, type Context } from "../core/index.ts";
import { contentTypeOf, partSizeOf, type LocalFile } from "./local-files.ts";
import { putInParts } from "./put-in-parts.ts";
import type { S3Location } from "./s3-url.ts";

/** The object's metadata that keeps its content's SHA-256, for buckets whose ETags are no MD5. */
export const digestKey = "sha256";

/**
 * Puts a file: a small one in one request, a large one in parts, of which at most four are held in memory.
 *
 * @throws LakeError `upload-failed` for a bucket that does not exist.
 */
export async function putFile(
  file: LocalFile,
  { bucket, key }: S3Location,
  sha256: string,
  context: Context,
): Promise<void> {
  const target = {
    Bucket: bucket,
    Key: key,
    ContentType: contentTypeOf(file.name),
    Metadata: { [digestKey]: sha256 },
  };
  try {
    if (file.size > partSizeOf(file.size)) await putInParts(file, target, context);
    else await putWhole({ ...target, Body: await readFile(file.path) }, context);
  } catch (error) {
    throw awsCodeOf(error) === "NoSuchBucket" ? noBucket(bucket, error) : error;
  }
}

async function putWhole(params: PutObjectCommandInput, context: Context): Promise<void> {
  await context.clients.use(S3Client).send(new PutObjectCommand(params), { abortSignal: context.signal });
}

/** The error of an upload into a bucket that does not exist. */
export function noBucket(bucket: string, cause: unknown): LakeError {
  return new LakeError("upload-failed", `there is no bucket ${bucket}`, {
    hint: "Deploy the layer that makes it, or check its name and the region.",
    cause,
  });
}
