// Plain JavaScript, because scripts/setup.js runs this before anything is installed, on a Node that reads no TypeScript.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * A Python that can make virtual environments.
 * @typedef {{ path: string, version: [number, number, number] }} Python
 */

/** The oldest Python that the local lake runs on. */
const oldestPython = [3, 11];

/** By preference: 3.11 first, because EMR 7's Spark line (3.5) runs on no newer one. */
const candidates = ["python3.11", "python3.12", "python3.13", "python3.14", "python3", "python"];

const question = `
import importlib.util, json, sys
venv = all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))
print(json.dumps({"path": sys.executable, "version": list(sys.version_info[:3]), "venv": venv}))
`;

/**
 * Finds a Python of at least 3.11 with the modules `venv` and `ensurepip`.
 *
 * `environment` is the caller's: its PATH is searched, and where it has `PYTHON`, only that one is tried.
 *
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @returns {Promise<Python | { problem: string }>} `problem` is one sentence, with the remedy and no full stop.
 */
export async function findPython(environment) {
  const named = environment["PYTHON"];
  const unfit = [];
  for (const command of named ? [named] : candidates) {
    const answer = await ask(command, environment);
    if (answer === undefined) continue;
    if (isNewEnough(answer.version) && answer.venv) return { path: answer.path, version: answer.version };
    unfit.push(answer);
  }
  return { problem: describeMissing(named, unfit) };
}

/**
 * A name on PATH may be a version manager's shim that starts nothing; that counts as absent.
 * @param {string} command
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @returns {Promise<(Python & { venv: boolean }) | undefined>}
 */
async function ask(command, environment) {
  try {
    const options = { env: environment, timeout: 20_000 };
    const { stdout } = await promisify(execFile)(command, ["-I", "-c", question], options);
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

/** @param {readonly number[]} version */
function isNewEnough([major = 0, minor = 0]) {
  const [oldestMajor = 0, oldestMinor = 0] = oldestPython;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/**
 * @param {string | undefined} named
 * @param {readonly (Python & { venv: boolean })[]} unfit
 */
function describeMissing(named, unfit) {
  const needed = `Python ${oldestPython.join(".")} or newer is needed`;
  const bare = unfit.find((python) => isNewEnough(python.version));
  if (bare) {
    const short = bare.version.slice(0, 2).join(".");
    return (
      `the modules venv and ensurepip are needed and ${bare.path} (Python ${bare.version.join(".")}) lacks them: ` +
      `install them (Debian and Ubuntu: apt install python${short}-venv), or set PYTHON to another Python`
    );
  }
  const [old] = unfit;
  if (named !== undefined && named !== "") {
    const found = old ? `is Python ${old.version.join(".")}` : "does not run";
    return `${needed} and PYTHON=${named} ${found}: set PYTHON to another one, or unset it to search PATH`;
  }
  const found = old ? `the newest on PATH is ${newest(unfit)}` : "there is none on PATH";
  return (
    `${needed} and ${found}: install one (Debian and Ubuntu: apt install python3 python3-venv; macOS: ` +
    "brew install python@3.11), or set PYTHON to its path"
  );
}

/** @param {readonly Python[]} pythons */
function newest(pythons) {
  const [last] = [...pythons].sort((a, b) => b.version[1] - a.version[1] || b.version[2] - a.version[2]);
  return last ? last.version.join(".") : "";
}
