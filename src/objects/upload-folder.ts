import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  awsCodeOf,
  countOf,
  formatBytes,
  LakeError,
  runStep,
  type Context,
  type StepReporter,
  forEachInParallel,
} from "../core/index.ts";
import { deleteKeys } from "./delete-objects.ts";
import { listObjects, type ListedObject } from "./list-objects.ts";
import { digestFile, findFiles, type LocalFile } from "./local-files.ts";
import { digestKey, noBucket, putFile } from "./put-file.ts";

/** Which folder to upload, and to where. */
export interface UploadRequest {
  readonly folder: string;
  readonly bucket: string;
  /** Put before every file's path; with a `/` at its end. */
  readonly prefix: string;
  /** Whether objects below the prefix that the folder does not have are deleted. Default: they stay. */
  readonly mirror?: boolean;
}

/** What an upload did. */
export interface UploadResult {
  readonly uploaded: number;
  readonly unchanged: number;
  readonly deleted: number;
  /** Bytes that were sent. */
  readonly bytes: number;
}

/**
 * Uploads a folder, eight files at a time, leaving out files whose objects have the same content already: the same
 * size and the same MD5, or the SHA-256 that an earlier upload left at the object.
 *
 * @throws LakeError `nothing-to-read` for a folder with no files, `upload-failed` for a bucket that does not exist.
 */
export function uploadFolder(request: UploadRequest, context: Context): Promise<UploadResult> {
  const { folder, bucket, prefix } = request;
  return runStep(context, "upload", `s3://${bucket}/${prefix}`, async (step) => {
    const files = await findFiles(folder);
    if (files.length === 0) {
      throw new LakeError("nothing-to-read", `there are no files in ${folder}`, {
        hint: "Put the files to upload there; names that begin with a dot do not count.",
        place: { file: folder },
      });
    }
    const known = await listKnown(bucket, prefix, step);
    const counts = { uploaded: 0, unchanged: 0, bytes: 0 };
    await forEachInParallel(files, 8, async (file) => {
      const sent = await uploadIfChanged(file, request, known.get(prefix + file.name), step);
      counts[sent ? "uploaded" : "unchanged"] += 1;
      if (sent) counts.bytes += file.size;
      step.progress(file.name, { done: counts.uploaded + counts.unchanged, total: files.length });
    });
    const deleted = request.mirror === true ? await deleteOthers(request, files, known, step) : 0;
    conclude(step, { ...counts, deleted });
    return { ...counts, deleted };
  });
}

async function uploadIfChanged(
  file: LocalFile,
  { bucket, prefix }: UploadRequest,
  known: ListedObject | undefined,
  step: StepReporter,
): Promise<boolean> {
  const key = prefix + file.name;
  const digest = await digestFile(file);
  if (known?.size === file.size) {
    if (known.etag === digest.etag) return false;
    const object = await step.clients
      .use(S3Client)
      .send(new HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: step.signal });
    if (object.Metadata?.[digestKey] === digest.sha256) return false;
  }
  await putFile(file, { bucket, key }, digest.sha256, step);
  return true;
}

async function listKnown(bucket: string, prefix: string, step: StepReporter) {
  const known = new Map<string, ListedObject>();
  try {
    for await (const object of listObjects({ bucket, prefix }, step)) known.set(object.key, object);
  } catch (error) {
    throw awsCodeOf(error) === "NoSuchBucket" ? noBucket(bucket, error) : error;
  }
  return known;
}

async function deleteOthers(
  { bucket, prefix }: UploadRequest,
  files: readonly LocalFile[],
  known: ReadonlyMap<string, ListedObject>,
  step: StepReporter,
): Promise<number> {
  const kept = new Set(files.map((file) => prefix + file.name));
  const keys = [...known.keys()].filter((key) => !kept.has(key));
  for (let start = 0; start < keys.length; start += 1000) {
    const batch = keys.slice(start, start + 1000).map((key) => ({ Key: key }));
    await deleteKeys(bucket, batch, step);
  }
  return keys.length;
}

function conclude(step: StepReporter, { uploaded, unchanged, deleted, bytes }: UploadResult): void {
  const parts = [
    `${countOf(uploaded, "file")} uploaded (${formatBytes(bytes)})`,
    ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
    ...(deleted > 0 ? [`${deleted} deleted`] : []),
  ];
  if (uploaded + deleted === 0) step.conclude(`${countOf(unchanged, "file")} unchanged`, "unchanged");
  else step.conclude(parts.join(", "));
}
