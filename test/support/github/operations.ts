import { z } from "zod";
import { bodyIsTooLong, invalidComment, missing, notAccessible, type Answer } from "./answers.ts";
import {
  renderComment,
  renderDeployment,
  renderPull,
  renderStatus,
  renderUser,
  type Place,
} from "./render.ts";
import type { GitHubState, StoredComment, StoredDeployment } from "./state.ts";

/** A request that fits GitHub's description, and who makes it. */
export interface Served {
  readonly login: string;
  readonly isInstallation: boolean;
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

type Operation = (request: Served, state: GitHubState, place: Place) => Answer;

/** The mistake in a comment's body, of which GitHub counts the characters and not the UTF-16 units. */
function refuseBody(body: string): Answer | undefined {
  if (body.trim() === "") return invalidComment("Body cannot be blank");
  return Array.from(body).length > 65_536 ? invalidComment(bodyIsTooLong) : undefined;
}

/** One page of `items`, and a Link header that leads over all of them, on the stand-in's own URL. */
function answerPage(items: readonly object[], { path, query }: Served, { url }: Place): Answer {
  const size = Math.min(Number(query.get("per_page") ?? 30), 100);
  const page = Number(query.get("page") ?? 1);
  const last = Math.max(Math.ceil(items.length / size), 1);
  const link = (relation: string, number: number) => {
    const parameters = new URLSearchParams({ ...Object.fromEntries(query), page: String(number) });
    return `<${url}${path}?${parameters.toString()}>; rel="${relation}"`;
  };
  const next = page < last ? [link("next", page + 1), link("last", last)] : [];
  const links = [...(page > 1 ? [link("first", 1), link("prev", page - 1)] : []), ...next];
  return {
    status: 200,
    body: items.slice((page - 1) * size, page * size),
    headers: links.length > 0 ? { link: links.join(", ") } : {},
  };
}

const bodySchema = z.object({ body: z.string() });

function findComment({ parameters }: Served, state: GitHubState): StoredComment | undefined {
  return state.comments.find(({ id }) => id === Number(parameters["comment_id"]));
}

const commentOperations: Readonly<Record<string, Operation>> = {
  "issues/list-comments": (request, state, place) => {
    const issue = Number(request.parameters["issue_number"]);
    if (!state.pulls.some(({ number }) => number === issue)) return missing;
    const comments = state.comments.filter((comment) => comment.issue === issue);
    return answerPage(
      comments.map((comment) => renderComment(comment, place)),
      request,
      place,
    );
  },
  "issues/create-comment": (request, state, place) => {
    const issue = Number(request.parameters["issue_number"]);
    if (!state.pulls.some(({ number }) => number === issue)) return missing;
    const { body } = bodySchema.parse(request.body);
    const mistake = refuseBody(body);
    if (mistake !== undefined) return mistake;
    return {
      status: 201,
      body: renderComment(state.addComment({ issue, author: request.login, body }), place),
    };
  },
  "issues/update-comment": (request, state, place) => {
    const comment = findComment(request, state);
    if (comment === undefined) return missing;
    const { body } = bodySchema.parse(request.body);
    const mistake = refuseBody(body);
    if (mistake !== undefined) return mistake;
    comment.body = body;
    comment.updatedAt = new Date().toISOString();
    return { status: 200, body: renderComment(comment, place) };
  },
  "issues/delete-comment": ({ parameters }, state) =>
    state.removeComment(Number(parameters["comment_id"])) ? { status: 204 } : missing,
};

const pullOperations: Readonly<Record<string, Operation>> = {
  "pulls/list": (request, state, place) => {
    const head = request.query.get("head");
    const wanted = request.query.get("state") ?? "open";
    const pulls = state.pulls
      .filter((pull) => wanted === "all" || pull.state === wanted)
      .filter((pull) => head === null || `${pull.headOwner}:${pull.headRef}` === head);
    return answerPage(
      pulls.map((pull) => renderPull(pull, place)),
      request,
      place,
    );
  },
  "pulls/get": ({ parameters }, state, place) => {
    const pull = state.pulls.find(({ number }) => number === Number(parameters["pull_number"]));
    return pull === undefined ? missing : { status: 200, body: renderPull(pull, place) };
  },
  // As on GitHub, commits that are only in a fork lead to no pull request.
  "repos/list-pull-requests-associated-with-commit": (request, state, place) => {
    const sha = request.parameters["commit_sha"] ?? "";
    const pulls = state.pulls
      .filter(({ headOwner }) => headOwner === place.owner)
      .filter(({ headSha, commits }) => headSha === sha || commits.includes(sha));
    return answerPage(
      pulls.map((pull) => renderPull(pull, place)),
      request,
      place,
    );
  },
};

const deploymentSchema = z.object({
  ref: z.string(),
  environment: z.string().default("production"),
  payload: z.unknown().default(""),
  description: z.string().nullable().default(null),
  transient_environment: z.boolean().default(false),
  production_environment: z.boolean().optional(),
});
const statusSchema = z.object({
  state: z.string(),
  description: z.string().default(""),
  log_url: z.string().default(""),
  environment_url: z.string().default(""),
  auto_inactive: z.boolean().default(true),
});

function findDeployment({ parameters }: Served, state: GitHubState): StoredDeployment | undefined {
  return state.deployments.find(({ id }) => id === Number(parameters["deployment_id"]));
}

const deploymentOperations: Readonly<Record<string, Operation>> = {
  "repos/list-deployments": (request, state, place) => {
    const { environment, sha, ref } = Object.fromEntries(request.query);
    const deployments = state.deployments
      .filter((deployment) => environment === undefined || deployment.environment === environment)
      .filter((deployment) => sha === undefined || deployment.ref === sha)
      .filter((deployment) => ref === undefined || deployment.ref === ref)
      .toReversed();
    return answerPage(deployments.map(renderDeployment), request, place);
  },
  "repos/create-deployment": ({ body, login }, state) => {
    const wanted = deploymentSchema.parse(body);
    const deployment = state.addDeployment({
      ref: wanted.ref,
      environment: wanted.environment,
      payload: wanted.payload,
      description: wanted.description,
      transient: wanted.transient_environment,
      production: wanted.production_environment ?? wanted.environment === "production",
      creator: login,
    });
    return { status: 201, body: renderDeployment(deployment) };
  },
  "repos/list-deployment-statuses": (request, state, place) => {
    const deployment = findDeployment(request, state);
    if (deployment === undefined) return missing;
    const statuses = deployment.statuses.toReversed().map((status) => renderStatus(deployment, status));
    return answerPage(statuses, request, place);
  },
  "repos/create-deployment-status": (request, state) => {
    const deployment = findDeployment(request, state);
    if (deployment === undefined) return missing;
    const wanted = statusSchema.parse(request.body);
    const status = state.addStatus(
      deployment,
      {
        state: wanted.state,
        description: wanted.description,
        logUrl: wanted.log_url,
        environmentUrl: wanted.environment_url,
      },
      wanted.auto_inactive,
    );
    return { status: 201, body: renderStatus(deployment, status) };
  },
};

/** How each operation of openapi.json is served, by its operationId. */
export const operations: Readonly<Record<string, Operation>> = {
  // The token of an installation, such as GITHUB_TOKEN, stands for no user.
  "users/get-authenticated": ({ login, isInstallation }) =>
    isInstallation ? notAccessible : { status: 200, body: renderUser(login) },
  ...commentOperations,
  ...pullOperations,
  ...deploymentOperations,
};
