import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { LakeError, runStep } from "../core/index.ts";
import type { Bindings } from "../lake/index.ts";
import { parseS3Url, uploadFile } from "../objects/index.ts";
import { table } from "../report/index.ts";
import { submitJob } from "../spark/index.ts";
import { findJobCluster } from "./job-cluster.ts";
import type { RunStep } from "./step.ts";

/** Which script to run and with what. */
export interface JobSettings {
  readonly script: string;
  /** In the place of `--<zone> s3://bucket/` for every zone. */
  readonly arguments?: readonly string[] | undefined;
  /** After the arguments. */
  readonly moreArguments?: readonly string[] | undefined;
  readonly conf?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds. */
  readonly within: number;
}

/**
 * Uploads a PySpark script and runs it on the layer's cluster, or on one that ends with the job.
 *
 * @throws LakeError `job-failed` with the script's own file and line where the log has them.
 */
export const runJob: RunStep<JobSettings> = async (settings, place, context) =>
  runStep(context, "job", settings.script, async (step) => {
    const { environment, bindings } = place;
    const localFile = join(environment.lake.directory, settings.script);
    if (!existsSync(localFile)) throw new LakeError("invalid-input", `there is no script ${settings.script}`);
    if (bindings.scripts === undefined) throw noPlace("a bucket for scripts");
    const { bucket, key: prefix } = parseS3Url(bindings.scripts);
    const { url: script } = await uploadFile({ file: localFile, bucket, prefix }, step);
    const result = await submitJob(
      {
        name: basename(settings.script),
        cluster: await findJobCluster(place, step),
        script,
        arguments: [...(settings.arguments ?? zoneArguments(bindings)), ...(settings.moreArguments ?? [])],
        conf: settings.conf ?? {},
        localFile: settings.script,
        logs: bindings.logs,
        within: settings.within,
      },
      step,
    );
    step.conclude("completed");
    return {
      sections: [
        table("Job", ["script", "cluster", "step"], [[settings.script, result.clusterId, result.stepId]]),
      ],
      findings: [],
      data: { job: result },
    };
  });

function zoneArguments(bindings: Bindings): string[] {
  return [...bindings.zones.values()].flatMap(({ name, bucket }) =>
    bucket === undefined ? [] : [`--${name}`, `s3://${bucket}/`],
  );
}

function noPlace(what: string): LakeError {
  return new LakeError("layer-not-deployed", `${what} is not there yet`, {
    hint: "Run `datalake deploy` first.",
  });
}
