import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { distFolder } from "./build.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const run = promisify(execFile);

/**
 * What a tag holds beside `dist/`, as git's patterns: what actions read on a runner; and the pages that describe them,
 * with the sample lake that these lead to, but for its data.
 */
const parts = [
  "action.yml",
  "actions/**/action.yml",
  "actions/**/README.md",
  "local-lake/pyproject.toml",
  "local-lake/local_lake",
  "local-lake/requirements",
  ":!local-lake/requirements/dev.*",
  "LICENSE",
  "package.json",
  "README.md",
  "docs",
  "local-lake/BEHAVIOUR.md",
  "lake.yaml",
  "templates",
  "contracts",
  "jobs",
  "queries",
];

/** A file of the tree. */
export interface TreeFile {
  /** Relative to the tree. */
  readonly path: string;
  readonly bytes: number;
}

/**
 * Copies what a tag holds into `folder`, which must be empty or not there: the parts of the checkout that git tracks,
 * and `dist/`, which must have been built.
 *
 * @returns its files in the order of their paths
 * @throws Error when `folder` has something in it.
 */
export async function makeReleaseTree(folder: string): Promise<TreeFile[]> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) throw new Error(`${folder} is not empty: name another folder`);
  const { stdout } = await run("git", ["ls-files", "-z", "--", ...parts], { cwd: root });
  for (const path of stdout.split("\0").filter((each) => each !== "")) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await cp(join(root, path), join(folder, path));
  }
  await cp(distFolder, join(folder, "dist"), { recursive: true });
  return listTree(folder);
}

/** The files of a folder, in the order of their paths. */
export async function listTree(folder: string): Promise<TreeFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return Promise.all(
    files.sort().map(async (path) => ({ path, bytes: (await stat(join(folder, path))).size })),
  );
}

/**
 * Commits a tree to a repository that has the checkout's HEAD, on top of that, and on no branch: no file, index or
 * branch of the repository changes. Author and time are those of HEAD, so that the same tree gives the same commit.
 *
 * @returns the commit's sha
 */
export async function commitTree(folder: string, repository: string): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), "datalake-release-"));
  const { stdout: head } = await run("git", ["log", "-1", "--format=%H%n%an%n%ae%n%aI"], { cwd: root });
  const [parent = "", name, email, date] = head.split("\n");
  const env = {
    ...process.env,
    GIT_DIR: resolve(repository, (await git(repository, "rev-parse", "--git-dir")).trim()),
    GIT_WORK_TREE: resolve(folder),
    GIT_INDEX_FILE: join(scratch, "index"),
    ...{ GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: date },
    ...{ GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email, GIT_COMMITTER_DATE: date },
  };
  try {
    await run("git", ["add", "--all", "--force"], { cwd: folder, env });
    const { stdout: tree } = await run("git", ["write-tree"], { env });
    const words = ["commit-tree", tree.trim(), "-p", parent, "-m", `Release of ${parent}`];
    const { stdout: sha } = await run("git", words, { env });
    return sha.trim();
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function git(folder: string, ...words: readonly string[]): Promise<string> {
  return (await run("git", words, { cwd: folder })).stdout;
}
