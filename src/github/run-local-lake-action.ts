import { copyFile, mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  createClients,
  declare,
  LakeError,
  messageOf,
  systemClock,
  version,
  type Context,
} from "../core/index.ts";
import {
  describeLocalLake,
  lakeLogOf,
  localEnvironment,
  readLocalLakeLog,
  startLocalLake,
  stopLocalLake,
} from "../local/index.ts";
import { createActionHost } from "./action-host.ts";
import { commonOutputs, type Action } from "./action.ts";
import { createCommands, type Commands } from "./commands.ts";
import { runAction, type ActionResult, type ActionRun } from "./run-action.ts";
import { reportsFolder, type RunnerVariables } from "./runner-variables.ts";

const inputs = declare({
  directory: {
    kind: "path",
    default: ".",
    description: "The lake's folder; what the local lake makes goes into its `.datalake`.",
  },
  region: { kind: "text", default: "us-east-1", description: "The region that later steps use." },
  latency: {
    kind: "text",
    choices: ["off", "fast"],
    default: "off",
    description: "Let its background work take a little time.",
  },
});

/** Starts the local lake on a runner. */
export const localLakeAction: Action<typeof inputs> = {
  name: "local-lake",
  description: "Start the local lake, an AWS on this runner, and lead every later step of the job to it.",
  inputs,
  outputs: { endpoint: "Where it answers.", "log-file": "Its log.", ...commonOutputs },
  post: true,
};

const directoryState = "local-lake-directory";

/** Runs the action `local-lake`: starts it; in the `post` step keeps its log and stops it. */
export async function runLocalLakeAction(): Promise<void> {
  const variables: RunnerVariables = process.env;
  const directory = variables[`STATE_${directoryState}`];
  if (directory === undefined) return runAction(localLakeAction, start);
  const commands = createCommands(variables, (line) => process.stdout.write(`${line}\n`));
  await keepLog(directory, commands, variables);
  await stopLocalLake(directory, withoutAws(createActionHost(commands, { debug: false })));
}

async function start({
  inputs: given,
  context,
  commands,
  variables,
}: ActionRun<typeof inputs>): Promise<ActionResult> {
  const { directory, latency, region } = given;
  await requireFolder(directory);
  const { kind } = await describeLocalLake(directory, withoutAws(context.host, context.signal));
  // Said before it is started, so that one that is only half up is stopped too; one that was there is somebody else's.
  if (kind === "none" || kind === "killed") commands.saveState(directoryState, directory);
  const python = variables["DATALAKE_PYTHON"];
  const lake = await startLocalLake(
    { directory, latency, python, variables },
    withoutAws(context.host, context.signal),
  );
  const { set, unset } = localEnvironment(lake, region, variables);
  for (const [name, value] of Object.entries(set)) commands.exportVariable(name, value);
  // A later step cannot be told that a variable is not there, but that it is blank.
  for (const name of unset.filter((each) => (variables[each] ?? "") !== ""))
    commands.exportVariable(name, "");
  commands.exportVariable("DATALAKE_LOCAL_LAKE", version);
  return {
    report: {
      version: 1,
      verb: "local-lake",
      verdict: "passed",
      headline: `the local lake answers at ${lake.endpoint}`,
      sections: [],
      findings: [],
      timings: [],
    },
    data: {},
    outputs: { endpoint: lake.endpoint, "log-file": lakeLogOf(directory) },
  };
}

async function requireFolder(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => undefined);
  if (found?.isDirectory() === true) return;
  throw new LakeError("invalid-input", `directory: there is no folder "${directory}"`, {
    hint: "Check the repository out first, and name the folder relative to it.",
  });
}

/** The end of the log is folded into the post step's own; the whole of it is left where an upload finds it. */
async function keepLog(directory: string, commands: Commands, variables: RunnerVariables): Promise<void> {
  try {
    commands.group("The local lake's log, its last 100 lines", await readLocalLakeLog(directory, 100));
    const folder = join(reportsFolder(variables), "logs");
    await mkdir(folder, { recursive: true });
    await copyFile(lakeLogOf(directory), join(folder, "local-lake.log"));
  } catch (error) {
    commands.print(`there is no log: ${messageOf(error)}`);
  }
}

/** The local lake is no AWS yet when it is started. */
function withoutAws(host: Context["host"], signal = AbortSignal.timeout(60_000)): Context {
  return {
    host,
    signal,
    clock: systemClock,
    step: undefined,
    clients: createClients({ region: "us-east-1" }, host),
  };
}
