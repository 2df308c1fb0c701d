import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { LakeError, runStep, type StepReporter } from "../core/index.ts";
import type { Bindings } from "../lake/index.ts";
import { parseS3Url, uploadFile } from "../objects/index.ts";
import { table } from "../report/index.ts";
import { submitJob, type JobResult } from "../spark/index.ts";
import { findJobCluster } from "./job-cluster.ts";
import type { Place, RunStep } from "./step.ts";

/** Which script to run and with what. */
export interface JobSettings {
  readonly script: string;
  /** In the place of `--<zone> s3://bucket/` for every zone. */
  readonly arguments?: readonly string[] | undefined;
  /** After the arguments. */
  readonly moreArguments?: readonly string[] | undefined;
  readonly conf?: Readonly<Record<string, string>> | undefined;
  /** Whether the place's cluster was named by the user, so that no other may take its part. */
  readonly named?: boolean | undefined;
  /** Whether to start a cluster that ends with the job, even where one is alive. */
  readonly transient?: boolean | undefined;
  /** Milliseconds. */
  readonly within: number;
}

/** The job that ran. */
export interface JobData extends Readonly<Record<string, unknown>> {
  readonly job: JobResult;
}

/**
 * Uploads a PySpark script, unless it is in S3 already, and runs it on the layer's cluster, or on one that ends with the job.
 *
 * @throws LakeError `job-failed` with the script's own file and line where the log has them.
 */
export const runJob: RunStep<JobSettings, JobData> = async (settings, place, context) =>
  runStep(context, "job", settings.script, async (step) => {
    const { bindings } = place;
    const isLocal = !isUrl(settings.script);
    if (isLocal) requireScript(settings.script, place);
    const cluster = await findJobCluster(place, settings, step);
    const result = await submitJob(
      {
        name: basename(settings.script),
        cluster,
        script: isLocal ? await uploadScript(settings.script, place, step) : settings.script,
        arguments: [...(settings.arguments ?? zoneArguments(bindings)), ...(settings.moreArguments ?? [])],
        conf: settings.conf ?? {},
        localFile: isLocal ? settings.script : undefined,
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

const isUrl = (script: string) => script.startsWith("s3://");

function requireScript(script: string, { environment }: Place): void {
  const file = statSync(join(environment.lake.directory, script), { throwIfNoEntry: false });
  if (file?.isFile() === true) return;
  throw new LakeError("invalid-input", `there is no script ${script}`, {
    hint: "Scripts are looked for beside the lake file; name one that is in S3 already as s3://….",
  });
}

async function uploadScript(
  script: string,
  { environment, bindings }: Place,
  step: StepReporter,
): Promise<string> {
  const file = join(environment.lake.directory, script);
  if (bindings.scripts === undefined) throw noPlace("a bucket for scripts");
  const { bucket, key: prefix } = parseS3Url(bindings.scripts);
  return (await uploadFile({ file, bucket, prefix }, step)).url;
}

function zoneArguments(bindings: Bindings): string[] {
  return [...bindings.zones.values()].flatMap(({ name, bucket }) =>
    bucket === undefined ? [] : [`--${name}`, `s3://${bucket}/`],
  );
}

function noPlace(what: string): LakeError {
  return new LakeError("layer-not-deployed", `${what} is not there yet`, {
    hint: "Run `datalake deploy` first, or say where scripts go by the input `scripts`.",
  });
}
