import { expect, test } from "vitest";
import {
  formatMarker,
  upsertStickyComment,
  type Marker,
  type StickyComment,
} from "../../src/github/index.ts";
import { addChatter, connect, errorOf, markerAt, openGitHub, operationsOf, ownBodies } from "./github-bed.ts";

const comment = (
  minute: number,
  body: string,
  changes: Partial<StickyComment> & { marked?: Partial<Marker> } = {},
): StickyComment => {
  const { marked, ...rest } = changes;
  return { pullRequest: 7, marker: markerAt(minute, marked), body, ...rest };
};

test("creates a comment, and brings the same one up to date", async () => {
  const github = await openGitHub();
  const created = await upsertStickyComment(comment(1, "first"), connect(github));
  expect(created).toMatchObject({ posted: true, change: "created" });
  const updated = await upsertStickyComment(comment(2, "second"), connect(github));
  expect(updated).toEqual({ ...created, change: "updated" });
  expect(ownBodies(github)).toEqual(["second"]);
});

test("leaves a comment alone that says the same, and writes it anew for another commit", async () => {
  const github = await openGitHub();
  await upsertStickyComment(comment(1, "same"), connect(github));
  const before = github.state.comments[0]?.body;
  const again = await upsertStickyComment(comment(2, "same\n"), connect(github));
  expect(again).toMatchObject({ posted: true, change: "unchanged" });
  expect(github.state.comments[0]?.body).toBe(before);
  const other = comment(3, "same", { marked: { head: "b".repeat(40) } });
  expect(await upsertStickyComment(other, connect(github))).toMatchObject({ change: "updated" });
});

test("finds its comment on the last of three pages", async () => {
  const github = await openGitHub();
  addChatter(github, 249);
  await upsertStickyComment(comment(1, "first"), connect(github));
  const start = github.requests.length;
  await upsertStickyComment(comment(2, "second"), connect(github, { login: "github-actions[bot]" }));
  expect(ownBodies(github)).toEqual(["second"]);
  expect(github.state.comments).toHaveLength(250);
  const list = "issues/list-comments";
  expect(operationsOf(github, start)).toEqual([list, list, list, "issues/update-comment", list, list, list]);
});

test("takes nothing for its own that only looks like it", async () => {
  const github = await openGitHub();
  const marked = formatMarker(markerAt(0));
  const own = "github-actions[bot]";
  const lookalikes = [
    { author: "mallory", body: `${marked}\nby somebody else` },
    { author: own, body: `a greeting\n${marked}\nnot in the first line` },
    { author: own, body: `\`\`\`\n${marked}\n\`\`\`\nin a code block` },
    { author: own, body: ` ${marked}\nindented` },
    { author: own, body: `${formatMarker(markerAt(0, { key: "pr-8" }))}\nof another key` },
    { author: own, body: `${formatMarker(markerAt(0, { lake: "other" }))}\nof another lake` },
    { author: own, body: `${formatMarker(markerAt(0, { kind: "plan" }))}\nof another kind` },
    { author: own, body: `${marked.replace("datalake:1", "datalake:2")}\nof another version` },
    { author: own, body: `${marked.replace(/head=\w+/, "head=main")}\nof no commit` },
    { author: own, body: `${marked}\nhidden by somebody`, minimized: true },
  ];
  for (const lookalike of lookalikes) github.state.addComment({ issue: 7, ...lookalike });
  const outcome = await upsertStickyComment(comment(1, "ours"), connect(github));
  expect(outcome).toMatchObject({ posted: true, change: "created" });
  expect(github.state.comments.slice(0, -1)).toMatchObject(lookalikes);
});

test("leaves a newer comment alone, by time, then run, then attempt", async () => {
  const github = await openGitHub();
  const post = async (body: string, minute: number, id: number, attempt: number) =>
    await upsertStickyComment(comment(minute, body, { marked: { run: { id, attempt } } }), connect(github));
  await post("there", 5, 50, 2);
  const start = github.requests.length;
  for (const [minute, id, attempt] of [
    [4, 99, 9],
    [5, 49, 9],
    [5, 50, 1],
  ] as const) {
    expect(await post("older", minute, id, attempt)).toMatchObject({ posted: false, reason: "newer-there" });
  }
  expect(operationsOf(github, start)).not.toContain("issues/update-comment");
  expect(ownBodies(github)).toEqual(["there"]);
  expect(await post("next attempt", 5, 50, 3)).toMatchObject({ posted: true, change: "updated" });
});

test("of several of its own keeps the oldest with the newest content, and deletes the others", async () => {
  const github = await openGitHub();
  for (const minute of [1, 3, 2]) {
    const body = `${formatMarker(markerAt(minute))}\nminute ${minute}`;
    github.state.addComment({ issue: 7, author: "github-actions[bot]", body });
  }
  const [oldest] = github.state.comments;
  const older = await upsertStickyComment(comment(2, "late"), connect(github));
  expect(older).toMatchObject({ posted: false, reason: "newer-there" });
  expect(ownBodies(github)).toContain("minute 3");
  await upsertStickyComment(comment(4, "newest"), connect(github));
  expect(github.state.comments).toEqual([oldest]);
  expect(ownBodies(github)).toEqual(["newest"]);
});

test("makes no first comment for nothing to say, but brings one up to date", async () => {
  const github = await openGitHub();
  const quiet = { quiet: true };
  expect(await upsertStickyComment(comment(1, "clean", quiet), connect(github))).toMatchObject({
    posted: false,
    reason: "quiet",
  });
  expect(github.state.comments).toEqual([]);
  await upsertStickyComment(comment(2, "2 findings"), connect(github));
  await upsertStickyComment(comment(3, "clean", quiet), connect(github));
  expect(ownBodies(github)).toEqual(["clean"]);
});

test.each([
  ["a personal token", { login: "octocat", isInstallation: false, isReadOnly: false }],
  ["an app's token", { login: "our-app[bot]", isInstallation: true, isReadOnly: false }],
  [
    "an app's token that may not ask whose it is",
    { login: "our-app[bot]", isInstallation: true, isReadOnly: false, knowsViewer: false },
  ],
])("knows its own comments with %s", async (_, identity) => {
  const github = await openGitHub();
  github.addToken("other", identity);
  await upsertStickyComment(comment(1, "first"), connect(github, { token: "other" }));
  await upsertStickyComment(comment(2, "second"), connect(github, { token: "other" }));
  expect(github.state.comments.map(({ author, body }) => [author, body.split("\n")[1]])).toEqual([
    [identity.login, "second"],
  ]);
});

test("takes as many characters as GitHub, and refuses more as a mistake of the caller", async () => {
  const github = await openGitHub();
  const room = 65_536 - formatMarker(markerAt(1)).length - 1;
  const fits = await upsertStickyComment(comment(1, "x".repeat(room)), connect(github));
  expect(fits).toMatchObject({ posted: true });
  const requests = github.requests.length;
  const error = await errorOf(upsertStickyComment(comment(1, "x".repeat(room + 1)), connect(github)));
  expect(error.reason).toBe("internal");
  expect(github.requests).toHaveLength(requests);
});
