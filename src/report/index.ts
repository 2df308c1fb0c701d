export * from "./escape-markdown.ts";
export * from "./junit.ts";
export * from "./render-markdown.ts";
export * from "./report.ts";
export * from "./timings.ts";
