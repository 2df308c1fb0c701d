import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { commitTree, makeReleaseTree, type TreeFile } from "../../scripts/release-tree.ts";
import "../support/built-actions.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
let tree = "";
let files: readonly TreeFile[] = [];

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), "datalake-release-"));
  files = await makeReleaseTree(tree);
});
afterAll(() => rm(tree, { recursive: true, force: true }));

const read = (path: string) => readFileSync(join(tree, path), "utf8");
const pathsEnding = (suffix: string) => files.map(({ path }) => path).filter((path) => path.endsWith(suffix));

interface ActionFile {
  readonly runs: { readonly using: string; readonly main?: string; readonly post?: string };
}

test("an action runs from the tree alone: a bad input is told, with exit code 1", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(tree, "dist", "deploy-layer.js")], {
    cwd: tree,
    env: { PATH: process.env["PATH"], INPUT_MODE: "aply" },
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
  expect(stdout).toContain('::error title=Invalid input::mode: "aply" is not allowed');
});

test("every action says node24, and its programs are there; the others are composites", () => {
  const actions = pathsEnding("action.yml");
  expect(actions).toHaveLength(9);
  for (const path of actions) {
    const { runs } = parse(read(path)) as ActionFile;
    expect(["node24", "composite"], path).toContain(runs.using);
    const programs = [runs.main, runs.post].filter((program) => program !== undefined);
    for (const program of programs) expect(existsSync(join(tree, dirname(path), program)), path).toBe(true);
    expect(programs.length > 0, path).toBe(runs.using === "node24");
  }
});

test("the local lake is there, without its tests and what only they need", () => {
  const paths = files.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining(["local-lake/local_lake/server.py", "local-lake/requirements/lake.txt"]),
  );
  expect(paths.filter((path) => /tests?\/|dev\.|node_modules|\.ts$|sample-data/.test(path))).toEqual([]);
});

test("every link of its pages leads to a file of the tree", () => {
  const pages = pathsEnding(".md");
  expect(pages.length).toBeGreaterThan(8);
  for (const page of pages) {
    for (const [, target = ""] of read(page).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
      expect(existsSync(join(tree, dirname(page), target)), `${page}: ${target}`).toBe(true);
    }
  }
});

test("every package of the bundle is named with a licence that allows to ship it", () => {
  const { dependencies } = JSON.parse(read("package.json")) as { dependencies: Record<string, string> };
  const licences = read("dist/licenses.txt");
  // What only the command needs.
  const bundled = Object.keys(dependencies).filter((name) => !["commander", "log-update"].includes(name));
  for (const name of bundled) expect(licences).toMatch(new RegExp(`^${name}\\n(Apache-2\\.0|MIT|ISC)$`, "m"));
});

test("a commit of it has the tree and HEAD before it, is the same each time, and moves nothing", async () => {
  await using clone = await cloneCheckout();
  const git = (...words: string[]) =>
    spawnSync("git", words, { cwd: clone.path, encoding: "utf8" }).stdout.trim();
  const before = git("for-each-ref");
  const sha = await commitTree(tree, clone.path);
  expect(await commitTree(tree, clone.path)).toBe(sha);
  expect(git("ls-tree", "-r", "--name-only", sha).split("\n").sort()).toEqual(files.map(({ path }) => path));
  expect(git("rev-parse", `${sha}^`)).toBe(git("rev-parse", "HEAD"));
  expect(git("for-each-ref")).toBe(before);
  expect(git("status", "--porcelain")).toBe("");
});

test("publishing is refused", () => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, "scripts", "release.ts")], {
    encoding: "utf8",
  });
  expect(status).toBe(1);
  expect(stderr).toContain("publishing is not built yet");
});

async function cloneCheckout() {
  const path = await mkdtemp(join(tmpdir(), "datalake-clone-"));
  spawnSync("git", ["clone", "--quiet", "--shared", root, path]);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
