import { join } from "node:path";
import { formatBytes, formatCount } from "../core/index.ts";
import { requirePart } from "../lake/index.ts";
import { uploadFolder } from "../objects/index.ts";
import { table } from "../report/index.ts";
import type { RunStep } from "./step.ts";

/** Puts a folder's files into a folder of a zone: `raw/landing/`. */
export const runUpload: RunStep<{ readonly folder: string; readonly to: string }> = async (
  { folder, to },
  { environment, bindings },
  context,
) => {
  const [zone = "", ...rest] = to.split("/").filter((part) => part !== "");
  const bucket = requirePart(bindings, zone, "bucket");
  const prefix = rest.map((part) => `${part}/`).join("");
  const source = join(environment.lake.directory, folder);
  const result = await uploadFolder({ folder: source, bucket, prefix }, context);
  const target = `s3://${bucket}/${prefix}`;
  const row = [
    target,
    formatCount(result.uploaded),
    formatCount(result.unchanged),
    formatBytes(result.bytes),
  ];
  const section = table("Upload", ["to", ">files sent", ">there already", ">sent"], [row]);
  return { sections: [section], findings: [], data: { upload: { target, ...result } } };
};
