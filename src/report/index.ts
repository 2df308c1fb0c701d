export * from "./report.ts";
export * from "./timings.ts";
export * from "./zz.ts";
