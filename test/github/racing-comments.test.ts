import { expect, test } from "vitest";
import { formatMarker, upsertStickyComment, type CommentOutcome } from "../../src/github/index.ts";
import { staleList, type GitHub } from "../support/github/index.ts";
import { connect, markerAt, openGitHub, operationsOf, ownBodies } from "./github-bed.ts";

const login = "github-actions[bot]";
const post = async (github: GitHub, minute: number): Promise<CommentOutcome> =>
  await upsertStickyComment(
    { pullRequest: 7, marker: markerAt(minute), body: `minute ${minute}` },
    connect(github, { login }),
  );
const seed = (github: GitHub, minute: number) =>
  github.state.addComment({
    issue: 7,
    author: login,
    body: `${formatMarker(markerAt(minute))}\nminute ${minute}`,
  });

test.each([
  ["two", [1, 2]],
  ["two, the newer first", [2, 1]],
  ["five", [3, 1, 5, 2, 4]],
])("%s runs that all found no comment end with one, of the newest", async (_, minutes) => {
  const github = await openGitHub();
  github.interference.gather("issues/list-comments", minutes.length);
  github.interference.gather("issues/create-comment", minutes.length);
  const outcomes = await Promise.all(minutes.map((minute) => post(github, minute)));
  expect(ownBodies(github)).toEqual([`minute ${Math.max(...minutes)}`]);
  const winner = outcomes[minutes.indexOf(Math.max(...minutes))];
  const url = `https://github.com/acme/shop/pull/7#issuecomment-${github.state.comments[0]?.id ?? 0}`;
  expect(winner).toEqual({ posted: true, change: "created", url });
});

test("a run that created its comment before the other's shows in the list yields to it", async () => {
  const github = await openGitHub();
  // The other run's comment, with a lower id and newer content, comes between our look and our creation.
  github.interference.beforeNext("issues/create-comment", () => seed(github, 9));
  expect(await post(github, 1)).toMatchObject({ posted: false, reason: "newer-there" });
  expect(ownBodies(github)).toEqual(["minute 9"]);
});

test("two runs that update the same comment leave the newer content, whoever writes last", async () => {
  for (const minutes of [
    [2, 3],
    [3, 2],
  ]) {
    const github = await openGitHub();
    seed(github, 1);
    // Both look, then both write, then both look again.
    for (const step of ["list-comments", "update-comment", "list-comments"]) {
      github.interference.gather(`issues/${step}`, 2);
    }
    await Promise.all(minutes.map((minute) => post(github, minute)));
    expect(ownBodies(github)).toEqual(["minute 3"]);
  }
});

test("writes again over an older run that wrote right after it", async () => {
  const github = await openGitHub();
  const place = seed(github, 1);
  github.interference.beforeNext("issues/list-comments", () => {
    // The look before the write changes nothing; the one after it finds the older run's words.
    github.interference.beforeNext("issues/list-comments", () => {
      place.body = `${formatMarker(markerAt(2))}\nminute 2`;
    });
  });
  expect(await post(github, 3)).toMatchObject({ posted: true, change: "updated" });
  expect(ownBodies(github)).toEqual(["minute 3"]);
});

test("makes a new comment where the old one was deleted after it was found", async () => {
  const github = await openGitHub();
  const place = seed(github, 1);
  github.interference.beforeNext("issues/update-comment", () => github.state.removeComment(place.id));
  expect(await post(github, 2)).toMatchObject({ posted: true, change: "created" });
  expect(ownBodies(github)).toEqual(["minute 2"]);
});

test("does not mind that a duplicate was deleted by somebody else", async () => {
  const github = await openGitHub();
  seed(github, 1);
  const duplicate = seed(github, 2);
  github.interference.beforeNext("issues/delete-comment", () => github.state.removeComment(duplicate.id));
  expect(await post(github, 3)).toMatchObject({ posted: true, change: "updated" });
  expect(ownBodies(github)).toEqual(["minute 3"]);
});

test("creates no second comment because GitHub's list is behind", async () => {
  const github = await openGitHub();
  github.interference.fail("issues/list-comments", staleList(), 2);
  expect(await post(github, 1)).toMatchObject({ posted: true, change: "created" });
  expect(ownBodies(github)).toEqual(["minute 1"]);
  expect(operationsOf(github).filter((operation) => operation === "issues/create-comment")).toHaveLength(1);
});
