import type { VerbActionDeclaration } from "../../src/github/index.ts";

/** Deletes an environment, or one stack alone. */
export const declaration: VerbActionDeclaration = {
  name: "teardown",
  description: "Delete an environment of an AWS data lake, and say what is left.",
  modes: { destroy: "destroy" },
  without: ["force"],
  post: true,
};
