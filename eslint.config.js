import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** The rooms of `src/`, from the ground up: a room may import only rooms of the levels below its own. */
const levels = [
  ["core"],
  ["contracts", "lake", "report"],
  ["stacks", "objects", "crawler", "spark", "athena", "cost", "audit", "local"],
  ["pipeline"],
  ["verbs"],
  ["github"],
];

/** Imports that leave a folder may only go through the door (`index.ts`) of one of `rooms`. */
const onlyDoorsOf = (rooms, prefix) => ({
  regex: `^\\.\\./(?!${prefix}(${rooms.join("|")})/index\\.ts$)`,
  message: `Allowed from here: the index.ts of ${rooms.length > 0 ? rooms.join(", ") : "no other room"}.`,
});
const onlyGithubTalksToActions = { group: ["@actions/*"], message: "Only src/github may import @actions/*." };

const roomConfigs = levels.flatMap((rooms, level) =>
  rooms.map((room) => ({
    files: [`src/${room}/**/*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            onlyDoorsOf(levels.slice(0, level).flat(), ""),
            ...(room === "github" ? [] : [onlyGithubTalksToActions]),
          ],
        },
      ],
    },
  })),
);

const librarySilence = ["env", "exit", "stdout", "stderr", "stdin", "argv"].map((property) => ({
  object: "process",
  property,
  message:
    "The library reads no environment, prints nothing and never exits: that is for cli/ and src/github/.",
}));

export default defineConfig(
  { ignores: ["dist/", "build/", ".datalake/", "node_modules/", "local-lake/"] },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "max-lines": ["error", { max: 300 }],
      "max-lines-per-function": ["error", { max: 40, skipBlankLines: true, skipComments: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: true }],
    },
  },
  {
    files: ["src/**/*.ts"],
    ignores: ["src/github/**"],
    rules: { "no-console": "error", "no-restricted-properties": ["error", ...librarySilence] },
  },
  roomConfigs,
  {
    files: ["cli/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [onlyDoorsOf(["core", "lake", "local", "report", "verbs"], "src/")] },
      ],
    },
  },
  {
    files: ["test/**/*.ts", "bench/**/*.ts"],
    rules: { "max-lines-per-function": "off" },
  },
  { files: ["**/*.js"], extends: [tseslint.configs.disableTypeChecked] },
);
