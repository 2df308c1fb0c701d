import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  S3Client,
  type ListMultipartUploadsCommandOutput,
  type MultipartUpload,
} from "@aws-sdk/client-s3";
import {
  awsCodeOf,
  countOf,
  formatBytes,
  formatCount,
  LakeError,
  runStep,
  type Context,
  type StepReporter,
  forEachInParallel,
} from "../core/index.ts";
import { deleteKeys } from "./delete-objects.ts";
import { listVersionPages } from "./versions.ts";

/** What was deleted from a bucket. */
export interface EmptiedBucket {
  /** Versions and delete markers. */
  readonly versions: number;
  readonly bytes: number;
  /** Uploads in parts that were never finished. */
  readonly uploads: number;
}

const inFlight = 4;
const passes = 3;

/**
 * Deletes everything in a bucket: every version, delete marker and unfinished upload, in requests of 1,000, four at a
 * time. Memory stays the same for any number of objects. A bucket that does not exist is empty.
 *
 * @throws LakeError `delete-failed` for an object that S3 refuses to delete, or for a bucket that something goes on
 *   filling.
 */
export function emptyBucket(bucket: string, context: Context): Promise<EmptiedBucket> {
  return runStep(context, "empty", bucket, async (step) => {
    const counts = { versions: 0, bytes: 0 };
    const uploads = await abortUploads(bucket, step);
    // Log delivery can write while we delete, so a pass counts as the last one only when it finds nothing.
    for (let pass = 1; (await deleteVersions(bucket, counts, step)) > 0; pass += 1) {
      if (pass === passes) {
        throw new LakeError("delete-failed", `bucket ${bucket} is filled as fast as it is emptied`, {
          hint: "Stop what writes there (a trail, a job, log delivery), then run the same command again.",
        });
      }
    }
    const { versions, bytes } = counts;
    if (versions + uploads === 0) step.conclude("empty already", "unchanged");
    else step.conclude(`${countOf(versions, "version")} deleted (${formatBytes(bytes)})`);
    return { versions, bytes, uploads };
  });
}

/** Deletes what one listing shows and returns how much that was. */
async function deleteVersions(
  bucket: string,
  counts: { versions: number; bytes: number },
  step: StepReporter,
): Promise<number> {
  const before = counts.versions;
  await forEachInParallel(listVersionPages(bucket, step), inFlight, async (page) => {
    const objects = page.map(({ key, versionId }) => ({ Key: key, VersionId: versionId }));
    await deleteKeys(bucket, objects, step);
    counts.versions += page.length;
    counts.bytes += page.reduce((sum, version) => sum + version.size, 0);
    step.progress(`${formatCount(counts.versions)} versions deleted`);
  });
  return counts.versions - before;
}

async function abortUploads(bucket: string, step: StepReporter): Promise<number> {
  const client = step.clients.use(S3Client);
  let uploads = 0;
  await forEachInParallel(listUploads(bucket, step), inFlight, async ({ Key: key, UploadId: id }) => {
    try {
      await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: id }), {
        abortSignal: step.signal,
      });
      uploads += 1;
    } catch (error) {
      // Finished or aborted by its owner since it was listed.
      if (awsCodeOf(error) !== "NoSuchUpload") throw error;
    }
  });
  return uploads;
}

async function* listUploads(bucket: string, context: Context): AsyncGenerator<MultipartUpload, void> {
  const client = context.clients.use(S3Client);
  let marker: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {};
  while (marker !== undefined) {
    let page: ListMultipartUploadsCommandOutput;
    try {
      page = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, ...marker }), {
        abortSignal: context.signal,
      });
    } catch (error) {
      if (awsCodeOf(error) === "NoSuchBucket") return;
      throw error;
    }
    yield* page.Uploads ?? [];
    marker =
      page.IsTruncated === true
        ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
        : undefined;
  }
}
