export * from "./action.ts";
export * from "./run-action.ts";
export { localLakeAction, runLocalLakeAction } from "./run-local-lake-action.ts";
export { reportAction, runReportAction } from "./run-report-action.ts";
export * from "./run-verb-action.ts";
