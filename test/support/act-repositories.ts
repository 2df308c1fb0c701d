import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { makeReleaseTree } from "../../scripts/release-tree.ts";
import "./built-actions.ts";

/** The folder of a repository by how workflows name it: `owner/repository@ref`. */
export type Repositories = Readonly<Record<string, string>>;

const ourselves = "acme/datalake-actions";

/**
 * GitHub's own actions are not at hand. In their place: a cache that has nothing, and artifacts that are folders in
 * `ARTIFACTS`. Each with its inputs and what it does with them as variables.
 */
const standIns: Readonly<Record<string, { inputs: readonly string[]; script: string }>> = {
  "actions/cache": { inputs: ["path", "key"], script: "true" },
  "actions/upload-artifact": {
    inputs: ["name", "path"],
    script: 'mkdir -p "$ARTIFACTS" && cp -r "$INPUT_PATH" "$ARTIFACTS/$INPUT_NAME"',
  },
  "actions/download-artifact": {
    inputs: ["path"],
    script: 'mkdir -p "$INPUT_PATH" && cp -r "$ARTIFACTS/." "$INPUT_PATH"',
  },
};

/** Makes, in `home`, the repositories that a consumer's workflows use: the release tree as ours, and the stand-ins. */
export async function makeUsedRepositories(home: string, consumer: string): Promise<Repositories> {
  const ours = join(home, "datalake-actions");
  await makeReleaseTree(ours);
  const used = [
    ...findUses(ours, "{,actions/**/}action.yml"),
    ...findUses(consumer, ".github/workflows/*.yml"),
  ];
  await nameOurselves(ours);
  const repositories: Record<string, string> = { [`${ourselves}@v1`]: ours };
  for (const use of used) {
    const standIn = standIns[use.split("@")[0] ?? ""];
    if (standIn === undefined) continue;
    const folder = join(home, use.replaceAll("/", "-"));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "action.yml"), renderStandIn(standIn));
    repositories[use] = folder;
  }
  for (const folder of new Set(Object.values(repositories))) await makeRepository(folder);
  return repositories;
}

function findUses(folder: string, pattern: string): string[] {
  const texts = globSync(pattern, { cwd: folder }).map((path) => readFileSync(join(folder, path), "utf8"));
  return [...texts.join("\n").matchAll(/uses: (\S+)/g)].map(([, use = ""]) => use);
}

/** Writes `$/`, an action's own repository, as that repository's name: act 0.2.89 does not know it. */
async function nameOurselves(tree: string): Promise<void> {
  for (const path of globSync("{,actions/**/}action.yml", { cwd: tree })) {
    const text = readFileSync(join(tree, path), "utf8");
    await writeFile(join(tree, path), text.replace(/uses: \$\/(\S+)/g, `uses: ${ourselves}/$1@v1`));
  }
}

function renderStandIn({ inputs, script }: { inputs: readonly string[]; script: string }): string {
  return JSON.stringify({
    name: "stand-in",
    description: "Stands in for an action of GitHub's.",
    inputs: Object.fromEntries(inputs.map((name) => [name, { description: name }])),
    runs: {
      using: "composite",
      steps: [
        {
          run: script,
          shell: "bash",
          env: Object.fromEntries(
            inputs.map((name) => [`INPUT_${name.toUpperCase()}`, `\${{ inputs.${name} }}`]),
          ),
        },
      ],
    },
  });
}

/** Commits all that is in a folder, as act asks git which commit it runs. */
export async function makeRepository(folder: string): Promise<void> {
  const author = ["-c", "user.name=consumer", "-c", "user.email=consumer@example.com"];
  for (const words of [
    ["init", "--quiet", "--initial-branch=main"],
    ["add", "--all"],
    [...author, "commit", "--quiet", "--message=Consume"],
  ]) {
    await promisify(execFile)("git", words, { cwd: folder });
  }
}
