import type { VerbActionDeclaration } from "../../src/github/index.ts";

/** Runs a PySpark script on EMR. */
export const declaration: VerbActionDeclaration = {
  name: "run-emr-job",
  description: "Run a PySpark script on an EMR cluster, follow it, and mark the line that failed.",
  modes: { submit: "submit" },
  post: true,
};
