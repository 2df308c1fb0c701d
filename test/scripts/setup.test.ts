import { spawnSync } from "node:child_process";
import { chmod, readFile, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, inject, onTestFinished, test } from "vitest";
import { makeFolder } from "../support/temporary-lake.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A checkout of the set-up alone, whose only package is a folder named `node` with these files. */
async function makeCheckout(nodeFiles: Readonly<Record<string, string>>): Promise<string> {
  const copies = ["scripts/setup.js", "src/local/find-python.js"];
  const copied = await Promise.all(
    copies.map(async (path) => [path, await readFile(join(root, path), "utf8")]),
  );
  const own = {
    name: "checkout",
    version: "1.0.0",
    type: "module",
    dependencies: { node: "file:node-package" },
  };
  const node = { name: "node", version: "24.0.0", bin: { node: "bin/node" } };
  const lock = {
    ...own,
    lockfileVersion: 3,
    packages: {
      "": own,
      "node-package": node,
      "node_modules/node": { resolved: "node-package", link: true },
    },
  };
  const folder = await makeFolder({
    ...(Object.fromEntries(copied) as Record<string, string>),
    "package.json": JSON.stringify(own),
    "package-lock.json": JSON.stringify(lock),
    "node-package/package.json": JSON.stringify(node),
    ...nodeFiles,
  });
  onTestFinished(() => folder[Symbol.asyncDispose]());
  for (const name of Object.keys(nodeFiles)) await chmod(join(folder.path, name), 0o755);
  return folder.path;
}

const program = { "node-package/bin/node": "#!/bin/sh\n" };

/** Runs the set-up of a checkout as a process of its own. */
function setUp(checkout: string, variables: Readonly<Record<string, string>>) {
  const script = `import { setUp } from ${JSON.stringify(join(checkout, "scripts", "setup.js"))}; await setUp();`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    env: { HOME: checkout, ...variables },
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
}

const withAll = () => ({ PATH: process.env["PATH"] ?? "", PYTHON: inject("python") });

test("with nothing on PATH, every missing thing is one sentence with the remedy", async () => {
  const checkout = await makeCheckout(program);
  expect(setUp(checkout, { PATH: join(checkout, "empty") })).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "npm is needed and is not on PATH: install it, it comes with Node.\n" +
      "Python 3.11 or newer is needed and there is none on PATH: install one (Debian and Ubuntu: apt install " +
      "python3 python3-venv; macOS: brew install python@3.11), or set PYTHON to its path.\n",
  });
});

test("installs the packages once, links the command, and is silent from then on", async () => {
  const checkout = await makeCheckout(program);
  const first = setUp(checkout, withAll());
  expect(first).toMatchObject({ code: 0, stdout: "" });
  expect(first.stderr).toMatch(
    /^Installing the Node packages \(npm ci\) … 0 s\n(.* … \d+ s\n)*Installed the Node packages in \d+ s\n$/,
  );
  expect(await readlink(join(checkout, "node_modules", ".bin", "datalake"))).toBe("../../cli/datalake.js");
  // Nothing is looked for any more, not even npm.
  expect(setUp(checkout, { PATH: join(checkout, "empty") })).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("a lock file that npm refuses: npm's own words, then what to do", async () => {
  const checkout = await makeCheckout(program);
  const stale = { name: "checkout", version: "1.0.0", dependencies: { other: "file:other" } };
  await writeFile(join(checkout, "package.json"), JSON.stringify(stale));
  const { code, stderr } = setUp(checkout, withAll());
  expect(code).toBe(1);
  expect(stderr).toContain("The Node packages could not be installed");
  expect(stderr).toContain("npm error Missing: other");
  expect(stderr).toMatch(/`npm ci` failed, for the reason above: mend it and run this again\.\n$/);
});

test("a machine on which install scripts are off is told so", async () => {
  const checkout = await makeCheckout({});
  const { code, stderr } = setUp(checkout, withAll());
  expect(code).toBe(1);
  expect(stderr).toMatch(/npm did not bring the Node of the lock file: .* and run this again\.\n$/);
});
