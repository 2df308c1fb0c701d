export * from "./catalog.ts";
export * from "./common-inputs.ts";
export * from "./run-verb.ts";
export * from "./stop-remote.ts";
export * from "./verb.ts";
