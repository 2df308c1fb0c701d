import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import {
  describeLocalLake,
  findLocalLake,
  readLocalLakeLog,
  requireLocalLake,
  startLocalLake,
  stopLocalLake,
  type LocalLake,
  type StartRequest,
} from "../../src/local/index.ts";
import { listProcesses } from "../../src/local/processes.ts";
import { createContext, shareLocalLake } from "../support/local-lake.ts";
import { makeFolder } from "../support/temporary-lake.ts";

const { signal } = new AbortController();

/** A directory whose local lake, if there is one, ends with the test. */
async function makeDirectory(): Promise<string> {
  const folder = await makeFolder({});
  onTestFinished(async () => {
    await stopLocalLake(folder.path, createContext());
    await folder[Symbol.asyncDispose]();
  });
  return folder.path;
}

function start(directory: string, options: Partial<StartRequest> = {}): Promise<LocalLake> {
  const request = { directory, python: inject("python"), variables: process.env, ...options };
  return startLocalLake(request, createContext());
}

/** A process id, once its process is gone. */
async function kill(pid: number): Promise<void> {
  process.kill(pid, "SIGKILL");
  await expect.poll(() => isThere(pid)).toBe(false);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("a local lake starts, is found, tells what it uses, logs, and stops", async () => {
  const directory = await makeDirectory();
  const lake = await start(directory);

  expect(await findLocalLake(directory, signal)).toEqual(lake);
  expect(lake.endpoint).toBe(`http://127.0.0.1:${lake.port}`);
  const status = await describeLocalLake(directory, createContext());
  expect(status).toMatchObject({ kind: "running", lake, usage: { processes: 1 } });
  expect(status.usage?.memory).toBeGreaterThan(10_000_000);
  expect(status.usage?.disk).toBeGreaterThan(0);
  expect(await readLocalLakeLog(directory, 1)).toEqual([expect.stringContaining(lake.endpoint)]);
  expect(await readFile(join(directory, ".datalake", ".gitignore"), "utf8")).toBe("*\n");

  expect(await stopLocalLake(directory, createContext())).toBe(true);
  expect(isThere(lake.pid)).toBe(false);
  expect(await findLocalLake(directory, signal)).toBeUndefined();
  expect(await stopLocalLake(directory, createContext())).toBe(false);
});

test("two starts at once make one local lake, and a later one leaves it as it is", async () => {
  const directory = await makeDirectory();
  const [first, second] = await Promise.all([start(directory), start(directory)]);
  expect(second).toEqual(first);
  expect(await start(directory)).toEqual(first);
});

test("a port that another process has is refused by its number, and nothing is left", async () => {
  const directory = await makeDirectory();
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;

  await expect(start(directory, { port })).rejects.toMatchObject({
    reason: "port-taken",
    message: `port ${port} on 127.0.0.1 cannot be used: another process has it`,
    hint: "Stop that process, name another port with --port, or leave --port out to take a free one.",
  });
  expect(await describeLocalLake(directory, createContext())).toEqual({ kind: "none" });
});

test("a running one on another port than the one asked for is refused", async () => {
  await using folder = await makeFolder({});
  await shareLocalLake(folder.path);
  const { port } = inject("localLake");
  await expect(start(folder.path, { port: port === 65_535 ? port - 1 : port + 1 })).rejects.toMatchObject({
    reason: "local-lake-setup",
    message: `the local lake runs already, on port ${port}`,
  });
});

test("one that was never started is told so", async () => {
  await using folder = await makeFolder({});
  await expect(requireLocalLake(folder.path, signal)).rejects.toMatchObject({
    reason: "local-lake-down",
    message: `no local lake was started in ${folder.path}`,
    hint: "Start it with `datalake local start`.",
  });
});

test("one that was killed is told so; start ends the Spark it left, with a note, and begins anew", async () => {
  const directory = await makeDirectory();
  const killed = await start(directory);
  // What the local lake runs for an EMR step: a command with these words, in a session of its own.
  const words = ["org.apache.spark.deploy.SparkSubmit", join(killed.folder, "steps", "s-1")];
  const spark = spawn("sh", ["-c", "sleep 600; :", ...words], { detached: true, stdio: "ignore" });
  const ended = once(spark, "exit");
  await kill(killed.pid);
  await expect(requireLocalLake(directory, signal)).rejects.toMatchObject({
    reason: "local-lake-down",
    message: `the local lake was killed: its process ${killed.pid} is gone, and with it all that was deployed`,
    hint: "Start it anew with `datalake local start`.",
  });

  const context = createContext();
  const request = { directory, python: inject("python"), variables: process.env };
  const lake = await startLocalLake(request, context);

  expect(await ended).toEqual([null, "SIGTERM"]);
  expect(lake.pid).not.toBe(killed.pid);
  expect(await findLocalLake(directory, signal)).toEqual(lake);
  expect(context.events).toContainEqual(
    expect.objectContaining({
      kind: "note",
      text: `the local lake's process ${killed.pid} was killed; what was deployed on it is gone`,
    }),
  );
});

test("another program that was given the killed one's process id is left alone", async () => {
  await using folder = await makeFolder({});
  const other = spawn("sleep", ["600"]);
  onTestFinished(() => void other.kill());
  await shareLocalLake(folder.path, { pid: other.pid ?? 0, folder: join(folder.path, ".datalake", "lake") });

  expect(await describeLocalLake(folder.path, createContext())).toMatchObject({ kind: "killed" });
  expect(await stopLocalLake(folder.path, createContext())).toBe(false);
  expect(other.exitCode ?? other.signalCode).toBeNull();
});

test("one that no longer answers is told apart, and can be stopped", async () => {
  const directory = await makeDirectory();
  const lake = await start(directory);
  const endpoint = await closedEndpoint();
  await shareLocalLake(directory, { ...lake, endpoint });

  const error = {
    reason: "local-lake-down",
    message: `the local lake's process ${lake.pid} runs, but ${endpoint} does not answer`,
  };
  await expect(requireLocalLake(directory, signal)).rejects.toMatchObject(error);
  await expect(start(directory)).rejects.toMatchObject(error);
  expect(await stopLocalLake(directory, createContext())).toBe(true);
  expect(isThere(lake.pid)).toBe(false);
});

/** An address on this machine where nobody listens. */
async function closedEndpoint(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}

test("one of another version is refused, with the way out", async () => {
  await using folder = await makeFolder({});
  await shareLocalLake(folder.path, { version: "0.0.9" });
  const error = {
    reason: "local-lake-setup",
    message: "the local lake that runs here is version 0.0.9, and this is version 0.1.0",
    hint: "Run `datalake local stop`, then `datalake local start`; what is deployed on it is lost.",
  };
  await expect(requireLocalLake(folder.path, signal)).rejects.toMatchObject(error);
  await expect(start(folder.path)).rejects.toMatchObject(error);
});

test("a Python without the local lake's packages is one sentence", async () => {
  const directory = await makeDirectory();
  const folder = await makeFolder({});
  onTestFinished(() => folder[Symbol.asyncDispose]());
  await expect(start(directory, { python: join(folder.path, "python") })).rejects.toMatchObject({
    reason: "local-lake-setup",
    message: expect.stringMatching(/^.*python does not start: spawn .* ENOENT$/) as string,
  });
});

test("a start that is cancelled leaves no process", async () => {
  const directory = await makeDirectory();
  const cancelling = new AbortController();
  const context = createContext(cancelling.signal);
  const emit = (event: Parameters<typeof context.host.emit>[0]) => {
    if (event.kind === "progress") cancelling.abort();
  };
  const request = { directory, python: inject("python"), variables: process.env };
  await expect(
    startLocalLake(request, { ...context, host: { ...context.host, emit } }),
  ).rejects.toMatchObject({ reason: "cancelled" });
  const ofDirectory = async () =>
    (await listProcesses())
      .filter(({ command }) => command.includes(directory))
      .map(({ command }) => command);
  await expect.poll(ofDirectory).toEqual([]);
  expect(await describeLocalLake(directory, createContext())).toEqual({ kind: "none" });
});
