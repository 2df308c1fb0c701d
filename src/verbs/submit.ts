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
      description: "The script, relative to lake.yaml.",
    },
    "job-arguments": {
      kind: "list",
      positional: true,
      description:
        "Arguments after those of the zones (write -- before the first that begins with a hyphen).",
    },
    conf: { kind: "map", description: "Spark settings, key=value." },
    timeout: { kind: "duration", default: "2h", description: "Give up, and say so, after this time." },
  },
  changes: true,
  async run({ environment, inputs }, context) {
    await guardAccount(environment, context);
    const place = await openPlace(environment, context);
    const settings = {
      script: inputs.script,
      moreArguments: inputs["job-arguments"],
      conf: inputs.conf,
      within: inputs.timeout,
    };
    const result = await runJob(settings, place, context);
    return reportStep("submit", environment, `${inputs.script} completed`, result);
  },
});
