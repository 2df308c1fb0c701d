import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { awsCodeOf, formatBytes, LakeError, messageOf, runStep, type Context } from "../core/index.ts";
import { digestFile } from "./local-files.ts";
import { putFile } from "./put-file.ts";
import { formatS3Url, type S3Location } from "./s3-url.ts";

/** Where an uploaded file is. */
export interface UploadedFile extends S3Location {
  readonly url: string;
  /** False where the same content was there already. */
  readonly uploaded: boolean;
}

/**
 * Uploads one file under a key that its content decides, `<prefix><16 digits of its SHA-256>/<name>`: runs that
 * overlap never change each other's script, and content that is there already is not sent again.
 *
 * @throws LakeError `invalid-input` where there is no such file.
 */
export function uploadFile(
  { file, bucket, prefix }: { readonly file: string; readonly bucket: string; readonly prefix: string },
  context: Context,
): Promise<UploadedFile> {
  return runStep(context, "upload", file, async (step) => {
    const name = basename(file);
    const { size } = await stat(file).catch((error: unknown) => {
      throw new LakeError("invalid-input", `${file} could not be read: ${messageOf(error)}`, {
        cause: error,
      });
    });
    const local = { path: file, name, size };
    const { sha256 } = await digestFile(local);
    const place = { bucket, key: `${prefix}${sha256.slice(0, 16)}/${name}` };
    const uploaded = !(await isThere(place, step));
    if (uploaded) await putFile(local, place, sha256, step);
    else step.conclude("unchanged", "unchanged");
    if (uploaded) step.conclude(formatBytes(size));
    return { ...place, url: formatS3Url(place), uploaded };
  });
}

async function isThere({ bucket, key }: S3Location, context: Context): Promise<boolean> {
  try {
    await context.clients
      .use(S3Client)
      .send(new HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: context.signal });
    return true;
  } catch (error) {
    if (awsCodeOf(error) === "NotFound") return false;
    throw error;
  }
}
