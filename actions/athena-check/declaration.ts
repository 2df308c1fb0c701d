import type { VerbActionDeclaration } from "../../src/github/index.ts";

/** Runs the checks of contracts and SQL files on Athena. */
export const declaration: VerbActionDeclaration = {
  name: "athena-check",
  description: "Check tables on Athena against data contracts (ODCS 3.1) and SQL files.",
  modes: { check: "check" },
  post: true,
};
