import { DeleteObjectsCommand, S3Client, type ObjectIdentifier } from "@aws-sdk/client-s3";
import { countOf, LakeError, type Context } from "../core/index.ts";

/**
 * Deletes at most 1,000 objects or versions in one request.
 *
 * @throws LakeError `delete-failed` for keys that S3 refuses: DeleteObjects answers 200 also when it deleted nothing.
 */
export async function deleteKeys(
  bucket: string,
  objects: readonly ObjectIdentifier[],
  context: Context,
): Promise<void> {
  const answer = await context.clients
    .use(S3Client)
    .send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: [...objects], Quiet: true } }), {
      abortSignal: context.signal,
    });
  const [first, ...others] = answer.Errors ?? [];
  if (first === undefined) return;
  const more = others.length === 0 ? "" : ` (and ${countOf(others.length, "more object")})`;
  const why = `${first.Code ?? "refused"}: ${first.Message ?? "S3 gives no reason"}`;
  throw new LakeError(
    "delete-failed",
    `s3://${bucket}/${first.Key ?? ""} could not be deleted: ${why}${more}`,
    {
      hint: "Remove what holds the object (a lock, a bucket policy), then run the same command again.",
    },
  );
}
