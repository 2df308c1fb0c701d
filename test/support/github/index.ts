export * from "./faults.ts";
export * from "./start-github.ts";
export type { StoredComment, StoredDeployment, StoredPull, StoredStatus } from "./state.ts";
