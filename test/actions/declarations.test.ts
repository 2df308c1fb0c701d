import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { renderActions } from "../../scripts/write-actions.ts";
import { loadVerb, verbNames } from "../../src/verbs/index.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");

interface ActionFile {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, { readonly value?: string }>>;
  readonly runs: { readonly steps?: readonly Step[] };
}

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
}

const readAction = (folder: string) => parse(read(join(folder, "action.yml"))) as ActionFile;

test("action.yml files and the tables of the READMEs are what the declarations say", async () => {
  for (const [path, text] of await renderActions()) {
    expect(read(path), `${path} is stale: run node scripts/write-actions.ts`).toBe(text);
  }
});

test.each(verbNames)("every input that verb %s declares is used", async (name) => {
  const { inputs } = await loadVerb(name);
  // What every environment is opened with is used by runVerb, and `stack` and `template` with it.
  const texts = [`${name}.ts`, "select-layers.ts", "open-environment.ts"].map((file) =>
    read(`src/verbs/${file}`),
  );
  const code = texts.join("\n").replace(/inputs: \{(.*\},\n|[\s\S]*?\n {2}\},\n)/, "");
  const unused = Object.keys(inputs).filter((input) => {
    const isWord = /^\w+$/.test(input);
    const uses = isWord
      ? [`inputs\\.${input}\\b`, `[{,]\\s*${input}\\b[^}]*\\} = inputs`]
      : [`inputs\\["${input}"\\]`];
    const asField = isWord ? [`\\b${input}\\b[^;]*\\} = whereabouts`, `inputs: \\{[^}]*\\b${input}\\b`] : [];
    return ![...uses, ...asField].some((pattern) => new RegExp(pattern).test(code));
  });
  expect(unused).toEqual([]);
});

const composites = [".", "actions/local-lake"];

test.each(composites)(
  "the composite in %s passes only inputs that its actions have, and uses all its own",
  (folder) => {
    const { inputs, outputs, runs } = readAction(folder);
    const text = read(join(folder, "action.yml"));
    for (const { uses, with: given = {} } of runs.steps ?? []) {
      if (uses?.startsWith("$/") !== true) continue;
      const target = readAction(uses.slice(2));
      expect(Object.keys(target.inputs), uses).toEqual(expect.arrayContaining(Object.keys(given)));
    }
    const used = new Set([...text.matchAll(/inputs\.([a-z-]+)/g)].map(([, name]) => name));
    expect([...used].sort()).toEqual(Object.keys(inputs).sort());
    const steps = new Map((runs.steps ?? []).map((step) => [step.id, step.uses]));
    for (const { value = "" } of Object.values(outputs)) {
      for (const [, id = "", output = ""] of value.matchAll(/steps\.([a-z-]+)\.outputs\.([a-z-]+)/g)) {
        expect(Object.keys(readAction((steps.get(id) ?? "").slice(2)).outputs)).toContain(output);
      }
    }
  },
);

test("every action has a README, and every action of the design is there", () => {
  const folders = readdirSync(join(root, "actions"), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  const names = folders.map(({ name }) => name).sort();
  expect(names).toEqual([
    "athena-check",
    "audit-report",
    "deploy-layer",
    "local-lake",
    "report",
    "run-crawler",
    "run-emr-job",
    "teardown",
  ]);
  for (const name of names) expect(read(`actions/${name}/README.md`)).toContain(`# ${name}`);
});
