import { runJob } from "../pipeline/index.ts";
import { guardAccount } from "./guard-account.ts";
import { openPlace } from "./open-place.ts";
import { defineVerb, reportStep } from "./verb.ts";

/** Runs a PySpark script. */
export const submit = defineVerb({
  name: "submit",
  summary: "run a PySpark script on the lake's cluster, or on one that ends with the job",
  inputs: {
    script: {
      kind: "path",
      positional: true,
      required: true,
      description: "The script, relative to the lake file; or where it is already, as s3://….",
    },
    "job-arguments": {
      kind: "lines",
      positional: true,
      description:
        "Arguments after those of the zones (on a command line, write -- before the first that begins with a hyphen).",
    },
    conf: { kind: "map", description: "Spark settings: key=value, a line each." },
    cluster: {
      kind: "text",
      description: "A cluster by its id or name; default: the lake's, or one that ends with the job.",
    },
    transient: {
      kind: "flag",
      default: "false",
      description: "Start a cluster of the shape of the lake's, which ends with the job.",
    },
    scripts: { kind: "text", description: "Where to put the script, s3://…/; default: the lake's place." },
    logs: { kind: "text", description: "Where the cluster puts logs, s3://…/, where it does not say so." },
    timeout: { kind: "duration", default: "2h", description: "Give up, and say so, after this time." },
  },
  outputs: {
    "cluster-id": "The cluster that the job ran on.",
    "step-id": "The step that the job was.",
    result: "The last line of JSON that the job printed; empty if it printed none.",
  },
  changes: true,
  lakeless: true,
  async run({ environment, inputs }, context) {
    await guardAccount(environment, context);
    const { cluster, scripts, logs } = inputs;
    const place = await openPlace(environment, context, { cluster, scripts, logs });
    const settings = {
      script: inputs.script,
      moreArguments: inputs["job-arguments"],
      conf: inputs.conf,
      named: cluster !== undefined,
      transient: inputs.transient,
      within: inputs.timeout,
    };
    const result = await runJob(settings, place, context);
    const { clusterId, stepId, output } = result.data.job;
    const outputs = {
      "cluster-id": clusterId,
      "step-id": stepId,
      result: output?.json === undefined ? "" : JSON.stringify(output.json),
    };
    return { ...reportStep("submit", environment, `${inputs.script} completed`, result), outputs };
  },
});
