export * from "./active-steps.ts";
export { findLiveCluster, requireLiveCluster, type LiveCluster } from "./clusters.ts";
export type { JobOutput } from "./job-output.ts";
export { cancelJob } from "./cancel-job.ts";
export type { JobCluster } from "./start-job.ts";
export type { SparkSubmit } from "./step-arguments.ts";
export * from "./submit-job.ts";
