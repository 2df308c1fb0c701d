import { resolve } from "node:path";
import type { Command } from "commander";
import { createClients, formatBytes, formatDuration, parseInteger, type Context } from "../src/core/index.ts";
import { loadLake } from "../src/lake/index.ts";
import {
  describeLocalLake,
  formatExports,
  localEnvironment,
  readLocalLakeLog,
  requireLocalLake,
  startLocalLake,
  stopLocalLake,
} from "../src/local/index.ts";
import type { VerbResult } from "../src/verbs/index.ts";
import { addFaultCommands } from "./fault-commands.ts";
import { makeLocalResult } from "./local-result.ts";
import { tellRun, type RunContext } from "./run-verb.ts";

interface LocalOptions {
  readonly port?: string;
  readonly latency?: "off" | "fast";
  readonly lines?: string;
  readonly json?: boolean;
  readonly region?: string;
}

/** The region of this folder's lake; us-east-1 where there is no lake.yaml. */
async function findRegion(): Promise<string> {
  try {
    return (await loadLake("lake.yaml")).settings.region;
  } catch {
    return "us-east-1";
  }
}

/** The local lake is no AWS yet when these commands run, so that their context has no endpoint. */
export function withoutAws(context: RunContext): Context {
  return { ...context, clients: createClients({ region: "us-east-1" }, context.host) };
}

/** Adds `datalake local start|stop|status|env|logs|fault`, for the lake of the folder they run in. */
export function addLocalCommands(program: Command): void {
  const local = program
    .command("local")
    .description("the local lake: an AWS on this machine, for this folder");
  const directory = resolve(".");
  const add = (
    name: string,
    description: string,
    work: (options: LocalOptions, context: RunContext) => Promise<VerbResult>,
  ) =>
    local
      .command(name)
      .description(description)
      .option("--json", "one JSON result on stdout, nothing else there")
      .action(async (options: LocalOptions) => {
        process.exitCode = await tellRun(options, process.env, (context) => work(options, context));
      });

  add("start", "start it; it goes on in the background", (options, context) =>
    start(directory, options, context),
  )
    .option("--port <number>", "listen on this port (default: a free one)")
    .option("--latency <off|fast>", "let its background work take a little time", "off");
  add("stop", "stop it; what was deployed on it is gone", async (_, context) => {
    const stopped = await stopLocalLake(directory, withoutAws(context));
    return makeLocalResult("stop", stopped ? "the local lake is stopped" : "no local lake was running", {
      stopped,
    });
  });
  add("status", "whether it runs, where, and what it uses", (_, context) => status(directory, context));
  add("env", 'the variables that lead AWS tools to it: eval "$(datalake local env)"', (options, context) =>
    environment(directory, options, context),
  ).option("--region <region>", "the region (default: the lake's)");
  add("logs", "the end of its log", async (options) => {
    const lines = await readLocalLakeLog(directory, parseInteger(options.lines ?? "50"));
    return { ...makeLocalResult("logs", "", { lines }), output: lines.map((line) => `${line}\n`).join("") };
  }).option("--lines <number>", "how many lines", "50");
  addFaultCommands(local, directory);
}

async function start(directory: string, options: LocalOptions, context: RunContext): Promise<VerbResult> {
  const lake = await startLocalLake(
    {
      directory,
      port: options.port === undefined ? undefined : parseInteger(options.port),
      latency: options.latency,
      python: process.env["DATALAKE_PYTHON"],
      variables: process.env,
    },
    withoutAws(context),
  );
  return makeLocalResult(
    "start",
    `the local lake answers at ${lake.endpoint}; add --local to any command, or run eval "$(datalake local env)"`,
    {
      ...lake,
    },
  );
}

async function status(directory: string, context: RunContext): Promise<VerbResult> {
  const state = await describeLocalLake(directory, withoutAws(context));
  const { usage } = state;
  const uses = usage
    ? `, for ${formatDuration(usage.uptime)}, ${formatBytes(usage.memory)} of memory, ${formatBytes(usage.disk)} on disk`
    : "";
  const words = {
    running: "the local lake answers",
    silent: "the local lake runs but does not answer",
    killed: "the local lake was killed; start it anew with `datalake local start`",
    none: "no local lake was started here; start it with `datalake local start`",
  } as const;
  const where = state.kind === "none" ? "" : ` at ${state.lake.endpoint} (process ${state.lake.pid})`;
  return makeLocalResult("status", `${words[state.kind]}${where}${uses}`, { ...state });
}

async function environment(
  directory: string,
  options: LocalOptions,
  context: RunContext,
): Promise<VerbResult> {
  const lake = await requireLocalLake(directory, context.signal);
  const changes = localEnvironment(lake, options.region ?? (await findRegion()), process.env);
  return { ...makeLocalResult("env", "", { ...changes }), output: formatExports(changes) };
}
