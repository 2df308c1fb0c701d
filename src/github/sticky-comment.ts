import { LakeError } from "../core/index.ts";
import { ask, type GitHubApi } from "./github-api.ts";
import { formatMarker, isSameComment, type Marker } from "./marker.ts";
import {
  contentOf,
  createComment,
  deleteComment,
  isNewer,
  listMarkedComments,
  updateComment,
  type MarkedComment,
} from "./own-comments.ts";
import { findOwnLogin } from "./own-login.ts";
import { notPosted, type NotPosted } from "./refusal.ts";

/** A comment that is written once and kept up to date. */
export interface StickyComment {
  /** The number of the pull request. */
  readonly pullRequest: number;
  readonly marker: Marker;
  /** GitHub-flavoured Markdown, without the marker; both together have at most 65,536 UTF-16 units. */
  readonly body: string;
  /** It says nothing that is worth a first comment; one that is there is brought up to date. Default: false. */
  readonly quiet?: boolean | undefined;
}

/** What became of a comment. */
export type CommentOutcome =
  | {
      readonly posted: true;
      readonly change: "created" | "updated" | "unchanged";
      /** The comment's page. */
      readonly url: string;
    }
  | NotPosted;

/** What is known over all attempts of one call. */
interface Progress {
  login: string | undefined;
  change: "created" | "updated" | "unchanged";
  /** The page of what was written, once GitHub has said that it is. */
  url: string | undefined;
  /** What was created, which GitHub's lists may not have yet. */
  created: MarkedComment | undefined;
}

const permission = "pull-requests: write";
const longestBody = 65_536;
/** A round after the second means that others write at the same time, so more are hardly ever needed. */
const mostRounds = 5;

/**
 * Makes the comment of this kind, lake and key on a pull request say what `comment` says.
 *
 * It is the oldest comment of our own login whose first line is our marker with that kind, lake and key, wherever in
 * the conversation, unless somebody hid it; it is made where there is none. One that is newer, by the marker's time, is
 * left alone, and so is one that says the same. GitHub can neither create a comment under a condition nor update one
 * only if it is unchanged; so this looks, writes, and looks again until there is nothing to do. That also settles two
 * runs that both made a first comment: the older comment stays and gets the newer content, and the others are deleted
 * rather than hidden, since nothing in them is lost and a hidden comment still takes up room.
 *
 * @returns why it was not posted instead of throwing, so that a report can go elsewhere.
 * @throws LakeError `cancelled`, or `internal` for a comment that is too long, or a marker that is none.
 */
export async function upsertStickyComment(comment: StickyComment, api: GitHubApi): Promise<CommentOutcome> {
  const text = `${formatMarker(comment.marker)}\n${comment.body}`;
  if (text.length > longestBody) {
    throw new LakeError("internal", `a comment of ${text.length} characters is longer than GitHub takes`);
  }
  const progress: Progress = { login: api.login, change: "unchanged", url: undefined, created: undefined };
  const answer = await ask(api, permission, async () => await converge(comment, text, progress, api));
  if (answer.ok) return answer.value;
  // It is there, and only the look afterwards failed.
  if (progress.url !== undefined) return { posted: true, change: progress.change, url: progress.url };
  return notPosted(answer.refusal);
}

async function converge(
  comment: StickyComment,
  text: string,
  progress: Progress,
  api: GitHubApi,
): Promise<CommentOutcome> {
  for (let round = 1; ; round += 1) {
    const [place, ...others] = await findOurs(comment, progress, api);
    if (place === undefined) {
      if (comment.quiet === true) return nothingToSay;
      await create(comment, text, progress, api);
      continue;
    }
    const wanted = { marker: comment.marker, content: contentOf(comment.marker, text) };
    const newest = others.reduce((one, other) => (isNewer(other, one) ? other : one), place);
    if (isNewer(newest, wanted)) {
      // The newest is left to the run that wrote it, which moves it to the place.
      await removeAll(others, newest, api);
      return newerThere(newest);
    }
    const isThere = place.content === wanted.content || (await update(place, text, progress, api));
    if (isThere) await removeAll(others, place, api);
    const isSettled = place.content === wanted.content && others.length === 0;
    if (isSettled || round >= mostRounds) return { posted: true, change: progress.change, url: place.url };
  }
}

async function findOurs({ pullRequest, marker }: StickyComment, progress: Progress, api: GitHubApi) {
  progress.login ??= await findOwnLogin(api);
  const login = progress.login.toLowerCase();
  const marked = await listMarkedComments(pullRequest, api);
  const ours = marked.filter(
    (comment) => comment.author.toLowerCase() === login && isSameComment(comment.marker, marker),
  );
  const { created } = progress;
  return created === undefined || ours.some(({ id }) => id === created.id) ? ours : [...ours, created];
}

async function create(
  { pullRequest, marker }: StickyComment,
  text: string,
  progress: Progress,
  api: GitHubApi,
): Promise<void> {
  // Said before it is so: where only the answer is lost, the next look finds the comment.
  progress.change = "created";
  progress.created = await createComment(pullRequest, marker, text, api);
  progress.url = progress.created.url;
  // GitHub knows best who we are; where the login was a guess, older comments of ours show up now.
  progress.login = progress.created.author;
}

async function update(
  { id, url }: MarkedComment,
  text: string,
  progress: Progress,
  api: GitHubApi,
): Promise<boolean> {
  if (progress.change === "unchanged") progress.change = "updated";
  const isThere = await updateComment(id, text, api);
  if (isThere) progress.url = url;
  return isThere;
}

async function removeAll(
  comments: readonly MarkedComment[],
  except: MarkedComment,
  api: GitHubApi,
): Promise<void> {
  for (const { id } of comments) if (id !== except.id) await deleteComment(id, api);
}

const nothingToSay: NotPosted = {
  posted: false,
  reason: "quiet",
  message: "there is nothing to say that is worth a first comment",
  hint: undefined,
};

function newerThere({ url, marker }: MarkedComment): NotPosted {
  return {
    posted: false,
    reason: "newer-there",
    message: `run ${marker.run.id} has written a newer comment already: ${url}`,
    hint: undefined,
  };
}
