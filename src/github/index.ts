export * from "./action.ts";
export * from "./run-action.ts";
export { localLakeAction, runLocalLakeAction } from "./run-local-lake-action.ts";
export { reportAction, runReportAction } from "./run-report-action.ts";
export * from "./run-verb-action.ts";
export { connectGitHub, type GitHubApi, type GitHubSettings } from "./github-api.ts";
export type { Marker } from "./marker.ts";
export type { NotPosted, RefusalReason } from "./refusal.ts";
export { upsertStickyComment, type CommentOutcome, type StickyComment } from "./sticky-comment.ts";
