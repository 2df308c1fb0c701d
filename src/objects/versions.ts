import {
  ListObjectVersionsCommand,
  S3Client,
  type ListObjectVersionsCommandOutput,
} from "@aws-sdk/client-s3";
import { awsCodeOf, type Context } from "../core/index.ts";

/** One version of an object, or a delete marker, which has no bytes. */
export interface ObjectVersion {
  readonly key: string;
  readonly versionId: string;
  readonly size: number;
}

/** What versions and delete markers have in common. */
interface Versioned {
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly Size?: number | undefined;
}

/** Lists versions and delete markers in pages of at most 1,000; a bucket that does not exist has none. */
export async function* listVersionPages(
  bucket: string,
  context: Context,
): AsyncGenerator<ObjectVersion[], void> {
  const client = context.clients.use(S3Client);
  let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
  while (marker !== undefined) {
    let page: ListObjectVersionsCommandOutput;
    try {
      page = await client.send(new ListObjectVersionsCommand({ Bucket: bucket, ...marker }), {
        abortSignal: context.signal,
      });
    } catch (error) {
      if (awsCodeOf(error) === "NoSuchBucket") return;
      throw error;
    }
    const found: Versioned[] = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    const versions = found.map(({ Key: key = "", VersionId: versionId = "null", Size: size = 0 }) => {
      return { key, versionId, size };
    });
    if (versions.length > 0) yield versions;
    marker =
      page.IsTruncated === true
        ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
        : undefined;
  }
}

/** How many versions a bucket holds; `complete` is false where counting stopped at the limit. */
export interface VersionCount {
  readonly versions: number;
  readonly bytes: number;
  readonly complete: boolean;
}

/**
 * Counts the versions and delete markers of a bucket, and stops once there are `limit` of them: to know that a bucket
 * is not empty takes one request, whatever its size.
 */
export async function countVersions(
  { bucket, limit }: { readonly bucket: string; readonly limit: number },
  context: Context,
): Promise<VersionCount> {
  let versions = 0;
  let bytes = 0;
  for await (const page of listVersionPages(bucket, context)) {
    versions += page.length;
    bytes += page.reduce((sum, version) => sum + version.size, 0);
    if (versions >= limit) return { versions, bytes, complete: false };
  }
  return { versions, bytes, complete: true };
}
