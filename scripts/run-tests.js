// Under Node 24 only, see enterNode24: imports TypeScript.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { formatDuration } from "../src/core/index.ts";
import { openDevEnvironment } from "./dev-environment.js";
import { runCommand } from "./run-command.js";
import { root } from "./setup.js";
import { runChecks } from "./static-checks.js";

/** @typedef {{ passed: number, failed: number }} Counts */
/** @typedef {import("../src/local/index.ts").PythonEnvironment} PythonEnvironment */

/**
 * Runs everything one after another, whatever fails, under headings and with times.
 *
 * @param {{ deep: boolean }} options `deep`: the deep tests too, and the job's tests on Spark 4
 * @returns {Promise<Counts>} a runner that fails or runs nothing counts as one failure at least
 */
export async function runTests({ deep }) {
  const environment = await openDevEnvironment();
  const counts = [
    await runPart("Static checks", () => runChecks(environment.python)),
    await runPart("TypeScript", () => runVitest(environment, deep)),
    await runPart("Local lake", () => runPytest("local-lake", environment, deep, "tests")),
    await runPart("Job", () => runPytest("job", environment, deep, "../test/jobs")),
  ];
  if (deep) {
    const newer = await openDevEnvironment("spark-4");
    counts.push(await runPart("Job on Spark 4", () => runPytest("job-spark-4", newer, deep, "../test/jobs")));
  }
  return {
    passed: counts.reduce((sum, { passed }) => sum + passed, 0),
    failed: counts.reduce((sum, { failed }) => sum + failed, 0),
  };
}

/**
 * @param {string} title
 * @param {() => Promise<Counts>} work
 */
async function runPart(title, work) {
  console.log(`\n== ${title}`);
  const begun = Date.now();
  const { passed, failed } = await work();
  const none = passed + failed === 0;
  if (none) console.log(`${title}: no test was run, which counts as a failure`);
  console.log(`== ${title}: ${passed} passed, ${failed} failed in ${formatDuration(Date.now() - begun)}`);
  return { passed, failed: none ? 1 : failed };
}

/**
 * @param {PythonEnvironment} environment
 * @param {boolean} deep
 */
async function runVitest(environment, deep) {
  const file = resultFile("vitest.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const variables = { ...variablesFor(environment), ...(deep ? { DEEP: "1" } : {}) };
  const { code } = await runCommand("vitest", ["run", ...reporters], { variables, shown: true });
  return countFailure(code, countVitest(JSON.parse(readResult(file) ?? "{}")));
}

/**
 * A file that failed without a failed test, because it did not load or its set-up broke, counts as one failure.
 * @param {{ numPassedTests?: number, testResults?: { status: string, assertionResults: { status: string }[] }[] }} json
 * @returns {Counts}
 */
function countVitest({ numPassedTests = 0, testResults = [] }) {
  const failures = testResults.map(({ status, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === "failed").length;
    return status === "failed" ? Math.max(failed, 1) : failed;
  });
  return { passed: numPassedTests, failed: failures.reduce((sum, failed) => sum + failed, 0) };
}

/**
 * @param {string} name of the result file
 * @param {PythonEnvironment} environment
 * @param {boolean} deep
 * @param {string} tests a path from `local-lake`, whose configuration holds for all of them
 */
async function runPytest(name, environment, deep, tests) {
  const file = resultFile(`${name}.xml`);
  const selection = deep ? [] : ["-m", "not deep"];
  const parameters = [
    "-m",
    "pytest",
    "-c",
    "pyproject.toml",
    "--rootdir=..",
    ...selection,
    `--junitxml=${file}`,
    tests,
  ];
  const { code } = await runCommand(environment.python, parameters, {
    folder: join(root, "local-lake"),
    variables: variablesFor(environment),
    shown: true,
  });
  return countFailure(code, countJunit(readResult(file) ?? ""));
}

/**
 * A runner that broke fails with no failed test.
 * @param {number} code
 * @param {Counts} counts
 */
function countFailure(code, { passed, failed }) {
  return { passed, failed: code === 0 ? failed : Math.max(failed, 1) };
}

/**
 * @param {string} xml of pytest
 * @returns {Counts}
 */
function countJunit(xml) {
  const [suite = ""] = /<testsuite [^>]*>/.exec(xml) ?? [];
  const count = (/** @type {string} */ name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = count("failures") + count("errors");
  return { passed: count("tests") - failed - count("skipped"), failed };
}

/**
 * The variables of a run of tests: this Node, that Python with its commands, that Java, and no AWS of the caller.
 * @param {PythonEnvironment} environment
 */
function variablesFor({ python, javaHome }) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  const folders = [join(root, "node_modules", ".bin"), dirname(python), join(javaHome, "bin")];
  return {
    ...Object.fromEntries(own),
    DATALAKE_PYTHON: python,
    JAVA_HOME: javaHome,
    PATH: [...folders, process.env["PATH"]].join(delimiter),
  };
}

/** @param {string} name */
function resultFile(name) {
  const folder = join(root, ".datalake", "test-results");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  rmSync(path, { force: true });
  return path;
}

/** @param {string} path */
function readResult(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
