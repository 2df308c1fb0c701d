import { globSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { formatDuration } from "../src/core/index.ts";
import { runCommand } from "./run-command.js";
import { root } from "./setup.js";

/** @typedef {{ name: string, command: string, parameters: readonly string[], folder?: string }} Check */

/**
 * Runs all static checks, two at a time, whatever fails; prints a line each, and the output of those that fail.
 *
 * @param {string} python of an environment with the test tools
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runChecks(python) {
  const waiting = [...listNodeChecks(), ...listPythonChecks(python)];
  let passed = 0;
  let failed = 0;
  const work = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      if (await passes(check)) passed += 1;
      else failed += 1;
    }
  };
  await Promise.all([work(), work()]);
  return { passed, failed };
}

/** @param {Check} check */
async function passes({ name, command, parameters, folder = root }) {
  const { code, output, milliseconds } = await runCommand(command, parameters, { folder });
  console.log(`${code === 0 ? "✓" : "✗"} ${name}  ${formatDuration(milliseconds)}`);
  if (code !== 0) console.log(output.trimEnd());
  return code === 0;
}

/**
 * Makes checks that run a tool of one folder.
 * @param {string} tools
 */
function checksWith(tools) {
  return (/** @type {string} */ name, /** @type {string} */ tool, /** @type {string[]} */ ...parameters) => ({
    name,
    command: join(tools, tool),
    parameters,
  });
}

/** @returns {Check[]} */
function listNodeChecks() {
  const check = checksWith(join(root, "node_modules", ".bin"));
  const { actions, workflows, consumers } = listActionFiles();
  return [
    check("eslint", "eslint", "."),
    check("tsc", "tsc", "--project", "."),
    check("prettier", "prettier", "--check", "--log-level", "warn", "."),
    check("knip", "knip"),
    check("markdownlint", "markdownlint-cli2"),
    check(
      "action-validator",
      "node",
      "scripts/validate-action-files.ts",
      ...actions,
      ...workflows,
      ...consumers,
    ),
  ];
}

/**
 * @param {string} python
 * @returns {Check[]}
 */
function listPythonChecks(python) {
  const check = checksWith(dirname(python));
  const jobs = ["jobs", join("test", "jobs"), ...list("scripts", ".py")];
  const strict = ["--strict", "--config-file", join("local-lake", "pyproject.toml")];
  // In local-lake, because ruff reads the paths in its configuration as paths from where it runs.
  const folder = join(root, "local-lake");
  const { actions, workflows, consumers } = listActionFiles();
  const style = ["--config=pyproject.toml", ".", ...jobs.map((path) => join("..", path))];
  return [
    // Apart, because the tests of both have a module conftest.
    check("mypy local lake", "mypy", ...strict, "local-lake"),
    check("mypy jobs", "mypy", ...strict, ...jobs),
    check("cfn-lint", "cfn-lint", ...list("templates", ".yaml")),
    check("zizmor", "zizmor", "--offline", "--quiet", ...actions, ...workflows),
    check("actionlint", "actionlint", ...workflows, ...consumers),
    { ...check("ruff check", "ruff", "check", ...style), folder },
    { ...check("ruff format", "ruff", "format", "--check", ...style), folder },
    check(
      "jobs parse on Python 3.9",
      "ruff",
      "check",
      "--isolated",
      "--target-version=py39",
      "--select=E9",
      "jobs",
    ),
  ];
}

/** The YAML of GitHub Actions: the actions, the project's own workflows, and those of the tests' consumers. */
function listActionFiles() {
  const find = (/** @type {string} */ pattern) => globSync(pattern, { cwd: root }).sort();
  return {
    actions: ["action.yml", ...find("actions/**/action.yml")],
    workflows: find(".github/workflows/*.yml"),
    consumers: find("test/fixtures/*/.github/workflows/*.yml"),
  };
}

/**
 * The files of a folder of the checkout that end in `suffix`.
 * @param {string} folder
 * @param {string} suffix
 */
function list(folder, suffix) {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith(suffix))
    .map((name) => join(folder, name));
}
