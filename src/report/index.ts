export * from "./report.ts";
export * from "./timings.ts";
