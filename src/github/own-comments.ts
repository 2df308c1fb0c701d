import { composePaginateRest } from "@octokit/plugin-paginate-rest";
import { RequestError } from "@octokit/request-error";
import { z } from "zod";
import type { GitHubApi } from "./github-api.ts";
import { compareAge, parseMarker, type Marker } from "./marker.ts";

/** A comment that carries a marker. */
export interface MarkedComment {
  readonly id: number;
  /** Its page. */
  readonly url: string;
  /** The login of who wrote it. */
  readonly author: string;
  readonly marker: Marker;
  /** What makes it another comment to a reader: all but when, and by which run, it was written. */
  readonly content: string;
}

const commentSchema = z.object({
  id: z.number(),
  html_url: z.string(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
  // Why somebody hid it. Servers older than this field do not say.
  minimized: z.object({ reason: z.string().nullish() }).nullish(),
});

/** The marked comments of a pull request, over all pages, from the oldest; without those that somebody hid. */
export async function listMarkedComments(
  pullRequest: number,
  { octokit, owner, repo }: GitHubApi,
): Promise<MarkedComment[]> {
  const found: MarkedComment[] = [];
  const pages = composePaginateRest.iterator(
    octokit,
    "GET /repos/{owner}/{repo}/issues/{issue_number}/comments",
    { owner, repo, issue_number: pullRequest, per_page: 100 },
  );
  for await (const { data } of pages) {
    const comments = z.array(commentSchema).parse(data);
    found.push(...comments.filter(({ minimized }) => !minimized).flatMap((comment) => readMarked(comment)));
  }
  return found.sort((one, other) => one.id - other.id);
}

/** Makes a comment of `body`, whose first line is `marker`. */
export async function createComment(
  pullRequest: number,
  marker: Marker,
  body: string,
  { octokit, owner, repo }: GitHubApi,
): Promise<MarkedComment> {
  const { data } = await octokit.request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
    owner,
    repo,
    issue_number: pullRequest,
    body,
  });
  const { id, html_url: url, user } = commentSchema.parse(data);
  return { id, url, author: user?.login ?? "", marker, content: contentOf(marker, body) };
}

/** Whether the comment was still there. */
export async function updateComment(id: number, body: string, api: GitHubApi): Promise<boolean> {
  const { octokit, owner, repo } = api;
  return await wasThere(
    octokit.request("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", {
      owner,
      repo,
      comment_id: id,
      body,
    }),
  );
}

/** Whether the comment was still there. */
export async function deleteComment(id: number, { octokit, owner, repo }: GitHubApi): Promise<boolean> {
  return await wasThere(
    octokit.request("DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}", {
      owner,
      repo,
      comment_id: id,
    }),
  );
}

/** Everything of a comment but the marker's time and run; the head counts, for readers of the marker go by it. */
export function contentOf(marker: Marker, body: string): string {
  const [, ...lines] = body.split(/\r?\n/);
  return [marker.head, marker.cut, ...lines].join("\n").trimEnd();
}

/** Whether `one` is to win over `other`; of two that are as old as each other, always the same one. */
export function isNewer(
  one: Pick<MarkedComment, "marker" | "content">,
  other: Pick<MarkedComment, "marker" | "content">,
): boolean {
  const age = compareAge(one.marker, other.marker);
  return age === 0 ? one.content > other.content : age > 0;
}

function readMarked({ id, html_url: url, user, body }: z.infer<typeof commentSchema>): MarkedComment[] {
  const marker = parseMarker(body ?? "");
  if (marker === undefined) return [];
  return [{ id, url, author: user?.login ?? "", marker, content: contentOf(marker, body ?? "") }];
}

async function wasThere(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (thrown) {
    if (thrown instanceof RequestError && thrown.status === 404) return false;
    throw thrown;
  }
}
