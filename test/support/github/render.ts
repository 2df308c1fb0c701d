import type { StoredComment, StoredDeployment, StoredPull, StoredStatus } from "./state.ts";

/** Where the stand-in answers, and for which repository: what the URLs in its answers are made of. */
export interface Place {
  /** The API's base URL, without a slash at the end. */
  readonly url: string;
  readonly owner: string;
  readonly repo: string;
}

// These are the fields that say something; completeAnswer adds the others that GitHub's description requires.

const webUrl = ({ owner, repo }: Place, path: string): string =>
  `https://github.com/${owner}/${repo}/${path}`;

export const renderUser = (login: string): object => ({
  login,
  type: login.endsWith("[bot]") ? "Bot" : "User",
});

export const renderComment = (comment: StoredComment, place: Place): object => ({
  id: comment.id,
  html_url: webUrl(place, `pull/${comment.issue}#issuecomment-${comment.id}`),
  user: renderUser(comment.author),
  body: comment.body,
  created_at: comment.createdAt,
  updated_at: comment.updatedAt,
  minimized: comment.minimized ? { reason: "outdated" } : null,
});

export const renderPull = (pull: StoredPull, place: Place): object => ({
  number: pull.number,
  html_url: webUrl(place, `pull/${pull.number}`),
  state: pull.state,
  merged_at: pull.merged ? "2026-01-01T00:00:00Z" : null,
  head: {
    label: `${pull.headOwner}:${pull.headRef}`,
    ref: pull.headRef,
    sha: pull.headSha,
    repo: { full_name: `${pull.headOwner}/${place.repo}`, owner: renderUser(pull.headOwner) },
  },
});

export const renderDeployment = (deployment: StoredDeployment): object => ({
  id: deployment.id,
  sha: deployment.ref,
  ref: deployment.ref,
  task: "deploy",
  payload: deployment.payload,
  environment: deployment.environment,
  description: deployment.description,
  creator: renderUser(deployment.creator),
  created_at: deployment.createdAt,
  transient_environment: deployment.transient,
  production_environment: deployment.production,
});

/** A URL that was not given is an empty text in GitHub's answers, which its own description calls no valid `uri`. */
export const renderStatus = (deployment: StoredDeployment, status: StoredStatus): object => ({
  id: status.id,
  state: status.state,
  creator: renderUser(deployment.creator),
  description: status.description,
  environment: deployment.environment,
  ...(status.logUrl === "" ? {} : { target_url: status.logUrl, log_url: status.logUrl }),
  ...(status.environmentUrl === "" ? {} : { environment_url: status.environmentUrl }),
  created_at: status.createdAt,
});
