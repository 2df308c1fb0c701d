import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findPython } from "../../src/local/find-python.js";
import { makeFolder } from "../support/temporary-lake.ts";

/** A folder for PATH with programs that answer as a Python would. */
async function makePath(programs: Readonly<Record<string, string>>) {
  const folder = await makeFolder(programs);
  for (const name of Object.keys(programs)) await chmod(join(folder.path, name), 0o755);
  return folder;
}

const answering = (version: string, venv: boolean) =>
  `#!/bin/sh\necho '{"path": "/py/${version}", "version": [${version.replaceAll(".", ", ")}], "venv": ${venv}}'\n`;

test("takes 3.11 before newer ones, and names where it is", async () => {
  await using path = await makePath({
    python3: answering("3.13.1", true),
    "python3.11": answering("3.11.9", true),
  });
  expect(await findPython({ PATH: path.path })).toEqual({ path: "/py/3.11.9", version: [3, 11, 9] });
});

test("passes over a name that starts nothing, one that is too old and one without venv", async () => {
  await using path = await makePath({
    "python3.11": "#!/bin/sh\nexit 127\n",
    "python3.12": answering("3.12.4", false),
    python3: answering("3.9.2", true),
    python: answering("3.14.0", true),
  });
  expect(await findPython({ PATH: path.path })).toEqual({ path: "/py/3.14.0", version: [3, 14, 0] });
});

test("with PYTHON, only that one is tried", async () => {
  await using path = await makePath({
    "python3.11": answering("3.11.9", true),
    mine: answering("3.10.1", true),
  });
  const named = join(path.path, "mine");
  expect(await findPython({ PATH: path.path, PYTHON: named })).toEqual({
    problem: `Python 3.11 or newer is needed and PYTHON=${named} is Python 3.10.1: set PYTHON to another one, or unset it to search PATH`,
  });
});

test("nothing on PATH is one sentence with the remedy", async () => {
  await using path = await makePath({});
  expect(await findPython({ PATH: path.path })).toEqual({
    problem:
      "Python 3.11 or newer is needed and there is none on PATH: install one (Debian and Ubuntu: apt install " +
      "python3 python3-venv; macOS: brew install python@3.11), or set PYTHON to its path",
  });
});

test("only old ones: the sentence names the newest", async () => {
  await using path = await makePath({
    python3: answering("3.9.2", true),
    python: answering("2.7.18", false),
  });
  expect(await findPython({ PATH: path.path })).toEqual({
    problem: expect.stringContaining("and the newest on PATH is 3.9.2: install one") as string,
  });
});

test("a Python without venv: the sentence names the package that brings it", async () => {
  await using path = await makePath({ python3: answering("3.12.3", false) });
  expect(await findPython({ PATH: path.path })).toEqual({
    problem:
      "the modules venv and ensurepip are needed and /py/3.12.3 (Python 3.12.3) lacks them: install them " +
      "(Debian and Ubuntu: apt install python3.12-venv), or set PYTHON to another Python",
  });
});
