export { connectGitHub, type GitHubApi, type GitHubSettings } from "./github-api.ts";
export type { Marker } from "./marker.ts";
export type { NotPosted, RefusalReason } from "./refusal.ts";
export { upsertStickyComment, type CommentOutcome, type StickyComment } from "./sticky-comment.ts";
