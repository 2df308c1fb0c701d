import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { listActions } from "../../actions/catalog.ts";
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

test("every action says node24, and its programs are there; the others are composites", async () => {
  const actions = pathsEnding("action.yml");
  // The root and local-lake are composites over the others.
  expect(actions).toHaveLength((await listActions()).length + 2);
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
  const named = read("dist/licenses.txt")
    .split(`\n${"-".repeat(80)}\n\n`)
    .flatMap((entry) => {
      const [names = "", licence = ""] = entry.split("\n\n", 2);
      expect(licence.split("\n")[0], names).toMatch(/^(Apache-2\.0|MIT|ISC)$/);
      return names.split("\n");
    });
  const code = pathsEnding(".index.js").concat("dist/index.js").map(read).join("\n");
  // ncc writes over each module of a package where it is from, unless it is CommonJS, as the AWS clients are.
  const modules = [...code.matchAll(/MODULE: \.\/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)/g)].map(
    ([, name]) => name,
  );
  const clients = readdirSync(join(root, "build", "lazy")).map(
    (file) => `@aws-sdk/${file.replace(".cjs", "")}`,
  );
  expect(modules).toContain("zod");
  expect(clients).toContain("@aws-sdk/client-s3");
  expect(named).toEqual(expect.arrayContaining([...new Set(modules), ...clients]));
  expect(new Set(named).size).toBe(named.length);
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
