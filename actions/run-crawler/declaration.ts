import type { VerbActionDeclaration } from "../../src/github/index.ts";

/** Runs Glue crawlers and waits for them. */
export const declaration: VerbActionDeclaration = {
  name: "run-crawler",
  description: "Run Glue crawlers, wait for them, and say what they changed in the catalog.",
  modes: { crawl: "crawl" },
  post: true,
};
