// Runs on the Node that the machine has, before anything is installed: plain JavaScript without packages.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { findPython } from "../src/local/find-python.js";

/** The checkout. */
export const root = fileURLToPath(new URL("..", import.meta.url));

const oldestNode = 20;
const ownNode = join(root, "node_modules", ".bin", "node");
const stamp = join(root, "node_modules", ".datalake-setup");

/**
 * Makes the checkout ready: checks what the machine must bring and installs the Node packages of the lock file. Ends
 * the process with a sentence a missing thing. With all in place it says nothing and takes a few milliseconds.
 */
export async function setUp() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(ownNode) && existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  const problems = await listProblems();
  if (problems.length > 0) fail(problems.map((problem) => `${problem}.`));
  await installPackages();
  if (!existsSync(ownNode)) {
    fail([
      "npm did not bring the Node of the lock file: let the package `node` run its install script " +
        "(`npm config get ignore-scripts` must say false) and run this again.",
    ]);
  }
  linkCommand();
  writeFileSync(stamp, lock);
}

/**
 * Runs this process's script again under the Node 24 of the lock file, unless that one runs it already; what follows
 * the call can import TypeScript.
 */
export async function enterNode24() {
  if (realpathSync(process.execPath) === realpathSync(ownNode)) return;
  const child = spawn(ownNode, process.argv.slice(1), { stdio: "inherit" });
  // A terminal sends Ctrl-C to both; other senders reach only this process.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
  await new Promise(() => undefined);
}

/**
 * What the machine lacks, a sentence each without its full stop.
 * @returns {Promise<string[]>}
 */
async function listProblems() {
  const problems = [];
  if (process.platform === "win32") {
    problems.push("The local lake runs on Linux and macOS: on Windows, run this inside WSL 2");
  }
  if (Number(process.versions.node.split(".")[0]) < oldestNode) {
    problems.push(
      `Node ${oldestNode} or newer is needed and this is Node ${process.versions.node}: install a newer one`,
    );
  }
  if ((await run("npm", ["--version"])).code !== 0) {
    problems.push("npm is needed and is not on PATH: install it, it comes with Node");
  }
  const python = await findPython(process.env);
  if ("problem" in python) problems.push(python.problem[0]?.toUpperCase() + python.problem.slice(1));
  return problems;
}

async function installPackages() {
  const installing = showProgress("Installing the Node packages (npm ci)");
  const { code, output } = await run("npm", ["ci"]);
  installing.end(code === 0 ? "Installed the Node packages" : "The Node packages could not be installed");
  if (code !== 0) fail([output.trim(), "`npm ci` failed, for the reason above: mend it and run this again."]);
}

/** `npm ci` links the commands of packages, but not the one of the checkout itself. */
function linkCommand() {
  const link = join(root, "node_modules", ".bin", "datalake");
  rmSync(link, { force: true });
  symlinkSync(join("..", "..", "cli", "datalake.js"), link);
}

/**
 * Tells on stderr that something goes on: on a terminal by one line that moves, elsewhere by a line every 5 seconds.
 * @param {string} text
 */
function showProgress(text) {
  const begun = Date.now();
  const isTerminal = process.stderr.isTTY;
  const elapsed = () => `${Math.round((Date.now() - begun) / 1000)} s`;
  const tell = () =>
    process.stderr.write(isTerminal ? `\r\x1b[2K${text} … ${elapsed()}` : `${text} … ${elapsed()}\n`);
  tell();
  const timer = setInterval(tell, isTerminal ? 1000 : 5000);
  return {
    /** @param {string} result */
    end(result) {
      clearInterval(timer);
      process.stderr.write(`${isTerminal ? "\r\x1b[2K" : ""}${result} in ${elapsed()}\n`);
    },
  };
}

/**
 * Runs a program of the machine's own PATH: `npm run` puts node_modules/.bin first, and `npm ci` removes that folder.
 * @param {string} command
 * @param {string[]} parameters
 * @returns {Promise<{ code: number, output: string }>}
 */
function run(command, parameters) {
  const path = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => !folder.endsWith(join(sep, "node_modules", ".bin")))
    .join(delimiter);
  const child = spawn(command, parameters, {
    cwd: root,
    env: { ...process.env, PATH: path },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const hear = (/** @type {Buffer} */ chunk) => (output += chunk.toString());
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  process.once("SIGTERM", () => child.kill("SIGTERM"));
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: 127, output: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * @param {string[]} lines
 * @returns {never}
 */
function fail(lines) {
  process.stderr.write(lines.map((line) => `${line}\n`).join(""));
  process.exit(1);
}
