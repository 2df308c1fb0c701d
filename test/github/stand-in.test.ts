import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { startGitHub, type GitHub } from "../support/github/index.ts";
import { addChatter, openGitHub } from "./github-bed.ts";

const ask = async (github: GitHub, path: string, options: RequestInit & { token?: string } = {}) =>
  await fetch(`${github.url}${path}`, {
    ...options,
    headers: { authorization: `Bearer ${options.token ?? github.token}` },
  });

test.each([
  ["an unknown path", "/repos/acme/shop/forks", {}, 404],
  ["a wrong parameter", "/repos/acme/shop/pulls?per_page=many", {}, 422],
  ["a body that lacks something", "/repos/acme/shop/deployments", { method: "POST", body: "{}" }, 422],
])("refuses %s, and fails at its end", async (_, path, options, status) => {
  const github = await startGitHub();
  onTestFinished(async () => {
    await github.close().catch(() => undefined);
  });
  const response = await ask(github, path, options);
  expect(response.status).toBe(status);
  expect(github.violations).toHaveLength(1);
  await expect(github.close()).rejects.toThrow(github.violations[0]);
});

test("pages on its own address", async () => {
  const github = await openGitHub();
  addChatter(github, 250);
  const path = "/repos/acme/shop/issues/7/comments?per_page=100";
  const second = await ask(github, `${path}&page=2`);
  expect(await second.json()).toHaveLength(100);
  const link = second.headers.get("link") ?? "";
  for (const [relation, page] of [
    ["first", 1],
    ["prev", 1],
    ["next", 3],
    ["last", 3],
  ] as const) {
    expect(link).toContain(`<${github.url}${path}&page=${page}>; rel="${relation}"`);
  }
  expect((await ask(github, `${path}&page=3`)).headers.get("link")).not.toContain("next");
});

test("knows whose token it is as GitHub does", async () => {
  const github = await openGitHub();
  github.addToken("personal", { login: "octocat", isInstallation: false, isReadOnly: false });
  expect((await ask(github, "/user")).status).toBe(403);
  expect(await (await ask(github, "/user", { token: "personal" })).json()).toMatchObject({
    login: "octocat",
  });
  expect((await ask(github, "/user", { token: "unknown" })).status).toBe(401);
});

test("takes a comment of 65,536 characters and none of more", async () => {
  const github = await openGitHub();
  const post = async (body: string) =>
    await ask(github, "/repos/acme/shop/issues/7/comments", {
      method: "POST",
      body: JSON.stringify({ body }),
    });
  expect((await post("🏞".repeat(65_536))).status).toBe(201);
  const refused = await post("x".repeat(65_537));
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain("Body is too long (maximum is 65536 characters)");
});

test("serves other processes", async () => {
  const github = await openGitHub();
  const script = `
    import { connectGitHub, upsertStickyComment } from "./src/github/index.ts";
    const { GITHUB_API_URL: apiUrl, GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository } = process.env;
    const { signal } = new AbortController();
    const run = { id: 1, attempt: 1 };
    const marker = { kind: "lake", lake: "l", key: "dev", head: "a".repeat(40), run, at: 0, cut: false };
    const api = connectGitHub({ apiUrl, token, repository, signal });
    console.log(JSON.stringify(await upsertStickyComment({ pullRequest: 7, marker, body: "from afar" }, api)));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
    env: { ...process.env, ...github.variables },
  });
  expect(JSON.parse(stdout)).toMatchObject({ posted: true, change: "created" });
  expect(github.state.comments[0]?.body).toContain("from afar");
});
