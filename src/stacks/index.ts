export * from "./apply-layer.ts";
export * from "./change-set.ts";
export * from "./delete-layers.ts";
export * from "./deploy-layers.ts";
export * from "./live-stacks.ts";
export * from "./plan-layers.ts";
export * from "./stack-status.ts";
