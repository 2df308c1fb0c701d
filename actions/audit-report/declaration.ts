import type { VerbActionDeclaration } from "../../src/github/index.ts";

/** Reads CloudTrail's records and says what in them should worry somebody. */
export const declaration: VerbActionDeclaration = {
  name: "audit-report",
  description:
    "Read CloudTrail's records of an AWS data lake, and say who did what and what should worry somebody.",
  modes: { audit: "audit" },
  post: false,
};
