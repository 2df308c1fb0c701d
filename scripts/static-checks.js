import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { formatDuration } from "../src/core/index.ts";
import { runCommand } from "./run-command.js";
import { root } from "./setup.js";

/** @typedef {{ name: string, command: string, parameters: readonly string[] }} Check */

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
async function passes({ name, command, parameters }) {
  const { code, output, milliseconds } = await runCommand(command, parameters);
  console.log(`${code === 0 ? "✓" : "✗"} ${name}  ${formatDuration(milliseconds)}`);
  if (code !== 0) console.log(output.trimEnd());
  return code === 0;
}

/** @returns {Check[]} */
function listNodeChecks() {
  const check = (/** @type {string} */ name, /** @type {string[]} */ ...parameters) => ({
    name,
    command: join(root, "node_modules", ".bin", name),
    parameters,
  });
  return [
    check("eslint", "."),
    check("tsc", "--project", "."),
    check("prettier", "--check", "--log-level", "warn", "."),
    check("knip"),
    check("markdownlint-cli2"),
  ];
}

/**
 * @param {string} python
 * @returns {Check[]}
 */
function listPythonChecks(python) {
  const configuration = join("local-lake", "pyproject.toml");
  const jobs = ["jobs", join("test", "jobs"), ...list("scripts", ".py")];
  const check = (
    /** @type {string} */ name,
    /** @type {string} */ tool,
    /** @type {string[]} */ ...parameters
  ) => ({
    name,
    command: join(dirname(python), tool),
    parameters,
  });
  // Apart, because the tests of both have a module conftest.
  const mypy = (/** @type {string} */ name, /** @type {string[]} */ ...sources) =>
    check(name, "mypy", "--strict", "--config-file", configuration, ...sources);
  const ruff = (/** @type {string} */ name, /** @type {string[]} */ ...parameters) =>
    check(name, "ruff", ...parameters, "--config", configuration, "local-lake", ...jobs);
  return [
    mypy("mypy local lake", "local-lake"),
    mypy("mypy jobs", ...jobs),
    check("cfn-lint", "cfn-lint", ...list("templates", ".yaml")),
    ruff("ruff check", "check"),
    ruff("ruff format", "format", "--check"),
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
