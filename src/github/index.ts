export { setDeploymentStatus, type DeploymentOutcome, type DeploymentUpdate } from "./deployment.ts";
export { connectGitHub, type GitHubApi, type GitHubSettings } from "./github-api.ts";
export { formatMarker, parseMarker, type Marker } from "./marker.ts";
export { findPullRequest, readEvent, type PullRequestSearch } from "./pull-request.ts";
export type { NotPosted, RefusalReason } from "./refusal.ts";
export { upsertStickyComment, type CommentOutcome, type StickyComment } from "./sticky-comment.ts";
