import { ListObjectsV2Command, S3Client, type ListObjectsV2CommandOutput } from "@aws-sdk/client-s3";
import type { Context } from "../core/index.ts";

/** One object as a listing tells of it. */
export interface ListedObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Without its quotes; the MD5 of the content for objects put in one part into a bucket with no KMS key. */
  readonly etag: string;
  readonly modified: Date | undefined;
}

/** Lists the objects below a prefix, page by page, in the order of their keys. */
export async function* listObjects(
  { bucket, prefix = "" }: { readonly bucket: string; readonly prefix?: string },
  context: Context,
): AsyncGenerator<ListedObject, void> {
  const client = context.clients.use(S3Client);
  let token: string | undefined;
  do {
    const page: ListObjectsV2CommandOutput = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
      { abortSignal: context.signal },
    );
    for (const { Key: key, Size: size, ETag: etag, LastModified: modified } of page.Contents ?? []) {
      if (key !== undefined) yield { key, size: size ?? 0, etag: (etag ?? "").replaceAll('"', ""), modified };
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

/** How much there is. */
export interface Measure {
  readonly objects: number;
  readonly bytes: number;
}

/** Counts the objects below a prefix and their bytes; versions that are not the newest are not counted. */
export async function measurePrefix(
  place: { readonly bucket: string; readonly prefix?: string },
  context: Context,
): Promise<Measure> {
  let objects = 0;
  let bytes = 0;
  for await (const object of listObjects(place, context)) {
    objects += 1;
    bytes += object.size;
  }
  return { objects, bytes };
}
