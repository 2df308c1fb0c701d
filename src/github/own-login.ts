import { RequestError } from "@octokit/request-error";
import { z } from "zod";
import type { GitHubApi } from "./github-api.ts";
import { isRateLimited } from "./refusal.ts";

const viewerSchema = z.object({ viewer: z.object({ login: z.string().min(1) }) });

/**
 * Whose token it is. `GET /user` does not answer the token of an app, as GITHUB_TOKEN is one; the `viewer` of the
 * GraphQL API does, with the login that its comments have, "github-actions[bot]". That is also the answer where nobody
 * gives one, since most tokens are GITHUB_TOKEN.
 */
export async function findOwnLogin({ octokit }: GitHubApi): Promise<string> {
  try {
    return viewerSchema.parse(await octokit.graphql("query { viewer { login } }")).viewer.login;
  } catch (thrown) {
    const passes = thrown instanceof RequestError && (thrown.status >= 500 || isRateLimited(thrown));
    if (passes) throw thrown;
    return "github-actions[bot]";
  }
}
