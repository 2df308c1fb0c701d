import { runUpload } from "../pipeline/index.ts";
import { guardAccount } from "./guard-account.ts";
import { openPlace } from "./open-place.ts";
import { defineVerb, reportStep } from "./verb.ts";

/** Puts a folder's files into a zone. */
export const upload = defineVerb({
  name: "upload",
  summary: "put a folder's files into a zone: datalake upload sample-data raw/landing/ecommerce/",
  inputs: {
    folder: {
      kind: "path",
      positional: true,
      required: true,
      description: "The folder, relative to lake.yaml.",
    },
    to: {
      kind: "text",
      positional: true,
      required: true,
      description: "A zone and a folder in it: raw/landing/.",
    },
  },
  outputs: {},
  changes: true,
  async run({ environment, inputs }, context) {
    await guardAccount(environment, context);
    const result = await runUpload(inputs, await openPlace(environment, context), context);
    const headline = `${inputs.folder} is in ${inputs.to}`;
    return { ...reportStep("upload", environment, headline, result), outputs: {} };
  },
});
