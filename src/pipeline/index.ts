export * from "./check-step.ts";
export * from "./crawl-step.ts";
export * from "./job-step.ts";
export * from "./query-step.ts";
export * from "./run-pipeline.ts";
export * from "./step.ts";
export * from "./upload-step.ts";
