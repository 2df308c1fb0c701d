import { join } from "node:path";
import { formatBytes, formatCount, LakeError, runStep } from "../core/index.ts";
import { requirePart } from "../lake/index.ts";
import { uploadFolder } from "../objects/index.ts";
import { table } from "../report/index.ts";
import type { RunStep } from "./step.ts";

/**
 * Puts a folder's files into a zone.
 *
 * @throws LakeError `nothing-to-read` when the folder has no files.
 */
export const runUpload: RunStep<{ readonly folder: string; readonly to: string }> = async (
  { folder, to },
  { environment, bindings },
  context,
) => {
  const [zone = "", ...rest] = to.split("/");
  const bucket = requirePart(bindings, zone, "bucket");
  const prefix = rest.join("/");
  return runStep(context, "upload", to, async (step) => {
    const source = join(environment.lake.directory, folder);
    const result = await uploadFolder({ folder: source, bucket, prefix }, step);
    const files = result.uploaded + result.unchanged;
    if (files === 0) throw new LakeError("nothing-to-read", `there are no files in ${folder}`);
    const sent = `${formatCount(result.uploaded)} of ${formatCount(files)} files sent, ${formatBytes(result.bytes)}`;
    step.conclude(
      result.uploaded === 0 ? "every file is there already" : sent,
      result.uploaded === 0 ? "unchanged" : "done",
    );
    const target = `s3://${bucket}/${prefix}`;
    const section = table(
      "Upload",
      ["to", ">sent", ">unchanged", ">bytes sent"],
      [[target, formatCount(result.uploaded), formatCount(result.unchanged), formatBytes(result.bytes)]],
    );
    return { sections: [section], findings: [], data: { upload: { target, ...result } } };
  });
};
