export type { CheckResult } from "./check-result.ts";
export * from "./query-price.ts";
export type { ResultColumn, ResultRow } from "./read-rows.ts";
export * from "./run-checks.ts";
export * from "./run-query.ts";
export * from "./run-sql-file.ts";
export { fillPlaceholders } from "./sql-text.ts";
