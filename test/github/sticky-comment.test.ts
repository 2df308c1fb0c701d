import { expect, test } from "vitest";
import { upsertStickyComment, type Marker, type StickyComment } from "../../src/github/index.ts";
import { addChatter, connect, markerAt, openGitHub, operationsOf, ownBodies } from "./github-bed.ts";

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
