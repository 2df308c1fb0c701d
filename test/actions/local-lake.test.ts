import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { runAction, type ActionOptions } from "../support/run-action.ts";
import { makeFolder, type TemporaryFolder } from "../support/temporary-lake.ts";

/** Runs the action in a folder, on the Python that has everything, as a runner that has no local lake yet. */
function start(
  folder: TemporaryFolder,
  options: Partial<ActionOptions> = {},
  inputs: Record<string, string> = {},
) {
  const variables = { DATALAKE_PYTHON: inject("python"), JAVA_HOME: process.env["JAVA_HOME"] ?? "" };
  return runAction("local-lake", inputs, {
    cwd: folder.path,
    ...options,
    variables: { ...variables, ...options.variables },
  });
}

/** Whether something answers there. */
async function answers(endpoint: string | undefined): Promise<boolean> {
  const response = await fetch(`${endpoint ?? ""}/_local-lake/health`).catch(() => undefined);
  return response?.ok === true;
}

test("it starts, leads later steps to it, and its post step keeps the log and stops it", async () => {
  await using folder = await makeFolder({});
  const variables = { AWS_PROFILE: "me", AWS_SESSION_TOKEN: "t", AWS_ENDPOINT_URL_S3: "https://x.example" };
  const result = await start(folder, { variables }, { region: "eu-west-1" });
  expect(result).toMatchObject({ code: 0, annotations: [], outputs: { verdict: "passed" } });
  const endpoint = result.outputs["endpoint"] ?? "";
  expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(result.exported).toMatchObject({
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: "eu-west-1",
    AWS_DEFAULT_REGION: "eu-west-1",
    AWS_PROFILE: "",
    AWS_SESSION_TOKEN: "",
    AWS_ENDPOINT_URL_S3: "",
    DATALAKE_LOCAL_LAKE: expect.stringMatching(/^\d/) as string,
  });
  expect(result.post).toContain(`ready at ${endpoint}`);
  expect(result.post).toContain("stop local lake");
  expect(await answers(endpoint)).toBe(false);
  expect(await readFile(result.outputs["log-file"] ?? "", "utf8")).toContain("stopped");
});

test("a local lake that is killed while it starts is stopped by the post step", async () => {
  await using folder = await makeFolder({});
  const result = await start(folder, { kill: /start local lake …/ });
  expect(result.code).toBeNull();
  expect(result.post).toMatch(/stop local lake|there is no log/);
});

test("a cancel while it starts leaves no process", async () => {
  await using folder = await makeFolder({});
  const result = await start(folder, { cancel: /start local lake …/ });
  expect(result).toMatchObject({ code: 1, outputs: { "failure-reason": "cancelled" } });
  expect(result.annotations).toMatchObject([{ title: "Cancelled" }]);
});

const mistakes: readonly (readonly [
  string,
  Record<string, string>,
  Record<string, string>,
  string,
  RegExp,
])[] = [
  [
    "a latency that is none",
    { latency: "slow" },
    {},
    "invalid-input",
    /latency: "slow" is not allowed; allowed are off, fast/,
  ],
  ["a Python that is not there", {}, { DATALAKE_PYTHON: "/no/python" }, "local-lake-setup", /\/no\/python/],
  [
    "a Python that is no Python",
    {},
    { DATALAKE_PYTHON: "/bin/false" },
    "local-lake-setup",
    /ended while it started: exit code 1/,
  ],
  [
    "a folder that is not there",
    { directory: "lake" },
    {},
    "invalid-input",
    /directory: there is no folder "lake"/,
  ],
  [
    "a folder that is a file",
    { directory: "file" },
    {},
    "invalid-input",
    /directory: there is no folder "file"/,
  ],
];

test.each(mistakes)("%s is told, and nothing is exported", async (_, inputs, variables, reason, message) => {
  await using folder = await makeFolder({ file: "" });
  const result = await start(folder, { variables }, inputs);
  expect(result).toMatchObject({
    code: 1,
    exported: {},
    outputs: { verdict: "failed", "failure-reason": reason },
  });
  expect(result.annotations).toHaveLength(1);
  expect(result.annotations[0]?.message).toMatch(message);
});

/** A lake that this folder is said to have. */
async function claimLake(folder: TemporaryFolder, changes: Record<string, unknown>): Promise<void> {
  await mkdir(join(folder.path, ".datalake"), { recursive: true });
  const lake = { ...inject("localLake"), ...changes };
  await writeFile(join(folder.path, ".datalake", "lake.json"), JSON.stringify(lake));
}

test("one of another version is refused, and left running", async () => {
  await using folder = await makeFolder({});
  await claimLake(folder, { version: "0.0.1" });
  const result = await start(folder);
  expect(result).toMatchObject({ code: 1, exported: {}, outputs: { "failure-reason": "local-lake-setup" } });
  expect(result.annotations[0]?.message).toContain("0.0.1");
  expect(await answers(inject("localLake").endpoint)).toBe(true);
});

test("one that runs already is used, and left running", async () => {
  await using folder = await makeFolder({});
  await claimLake(folder, {});
  const result = await start(folder);
  expect(result).toMatchObject({ code: 0, outputs: { endpoint: inject("localLake").endpoint } });
  expect(await answers(inject("localLake").endpoint)).toBe(true);
});

test("one that was killed is started anew", async () => {
  await using folder = await makeFolder({});
  await claimLake(folder, { pid: 2 ** 22 - 7, folder: join(folder.path, ".datalake", "lake") });
  const result = await start(folder);
  expect(result.code).toBe(0);
  expect(result.log).toContain("was killed; what was deployed on it is gone");
  expect(await answers(result.outputs["endpoint"])).toBe(false);
});
