import { LakeError } from "../core/index.ts";

/** Where an object, or everything below a prefix, is. */
export interface S3Location {
  readonly bucket: string;
  /** An object's key or a prefix; empty for the whole bucket. No `/` in front. */
  readonly key: string;
}

/**
 * Parses `s3://bucket/key`; also `s3a://` and `s3n://`, which EMR and Hadoop write.
 *
 * @throws LakeError `invalid-input`.
 */
export function parseS3Url(url: string): S3Location {
  const match = /^s3[an]?:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\s\S]*))?$/.exec(url);
  if (match === null) {
    throw new LakeError("invalid-input", `"${url}" is no S3 URL; write s3://bucket/key`);
  }
  return { bucket: match[1] ?? "", key: match[2] ?? "" };
}

/** `s3://bucket/key`. */
export function formatS3Url({ bucket, key }: S3Location): string {
  return `s3://${bucket}/${key}`;
}
