import { readFile } from "node:fs/promises";
import { createReadStream } from "node:fs";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import type { Context } from "../core/index.ts";
import { contentTypeOf, partSize, type LocalFile } from "./local-files.ts";
import type { S3Location } from "./s3-url.ts";

/** The object's metadata that keeps its content's SHA-256, for buckets whose ETags are no MD5. */
export const digestKey = "sha256";

/** Puts a file: a small one in one request, a large one in parts, of which at most four are held in memory. */
export async function putFile(
  file: LocalFile,
  { bucket, key }: S3Location,
  sha256: string,
  context: Context,
): Promise<void> {
  const client = context.clients.use(S3Client);
  const target = {
    Bucket: bucket,
    Key: key,
    ContentType: contentTypeOf(file.name),
    Metadata: { [digestKey]: sha256 },
  };
  if (file.size <= partSize) {
    const command = new PutObjectCommand({ ...target, Body: await readFile(file.path) });
    await client.send(command, { abortSignal: context.signal });
    return;
  }
  const upload = new Upload({ client, params: { ...target, Body: createReadStream(file.path) }, partSize });
  const abort = () => void upload.abort();
  context.signal.addEventListener("abort", abort, { once: true });
  try {
    context.signal.throwIfAborted();
    await upload.done();
  } finally {
    context.signal.removeEventListener("abort", abort);
  }
}
