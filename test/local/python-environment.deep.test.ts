import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ensurePythonEnvironment, startLocalLake, stopLocalLake } from "../../src/local/index.ts";
import { createContext } from "../support/local-lake.ts";
import { makeFolder } from "../support/temporary-lake.ts";

const tenMinutes = 600_000;

test("from nothing to a running local lake, once", { timeout: tenMinutes }, async () => {
  const folder = await makeFolder({});
  const directory = folder.path;
  onTestFinished(async () => {
    await stopLocalLake(directory, createContext());
    await folder[Symbol.asyncDispose]();
  });
  const home = join(directory, ".datalake");
  // What an interrupted set-up of other requirements leaves: a folder with no stamp.
  await mkdir(join(home, "python-3.11-000000000000"), { recursive: true });

  const first = createContext();
  const environment = await ensurePythonEnvironment({ directory, variables: process.env }, first);
  const told = first.events.filter((event) => event.kind === "progress" && event.total !== undefined);
  expect(told.length).toBeGreaterThan(10);
  expect(first.events).toContainEqual(
    expect.objectContaining({
      kind: "note",
      text: `removed the old Python environment ${join(home, "python-3.11-000000000000")}`,
    }),
  );

  const second = createContext();
  expect(await ensurePythonEnvironment({ directory, variables: process.env }, second)).toEqual(environment);
  expect(second.events).toEqual([]);

  const context = createContext();
  const lake = await startLocalLake({ directory, variables: process.env }, context);
  expect((await fetch(`${lake.endpoint}/_local-lake/health`)).status).toBe(200);
});

test("a set-up that is cancelled leaves nothing half-made", { timeout: tenMinutes }, async () => {
  await using folder = await makeFolder({});
  const cancelling = new AbortController();
  const context = createContext(cancelling.signal);
  const emit = (event: Parameters<typeof context.host.emit>[0]) => {
    if (event.kind === "progress" && event.total !== undefined) cancelling.abort();
  };
  const request = { directory: folder.path, variables: process.env };
  await expect(
    ensurePythonEnvironment(request, { ...context, host: { ...context.host, emit } }),
  ).rejects.toMatchObject({ reason: "cancelled" });
  expect(await readdir(join(folder.path, ".datalake"))).toEqual([".gitignore"]);
});

test("what pip cannot install is one sentence, with pip's words kept", { timeout: tenMinutes }, async () => {
  await using folder = await makeFolder({});
  const variables = { ...process.env, PIP_NO_INDEX: "1", PIP_FIND_LINKS: folder.path };
  await expect(
    ensurePythonEnvironment({ directory: folder.path, variables }, createContext()),
  ).rejects.toMatchObject({
    reason: "local-lake-setup",
    message: expect.stringMatching(
      /^pip could not install the local lake's packages: Could not find a version that satisfies/,
    ) as string,
    hint: expect.stringContaining(join(folder.path, ".datalake", "pip.log")) as string,
  });
  expect((await readdir(join(folder.path, ".datalake"))).sort()).toEqual([".gitignore", "pip.log"]);
});
