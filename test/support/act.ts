import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { globSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { inject } from "vitest";
import { z } from "zod";
import { localEnvironment } from "../../src/local/index.ts";
import { reportSchema, type Report } from "../../src/report/index.ts";
import { makeRepository, makeUsedRepositories, type Repositories } from "./act-repositories.ts";
import { region } from "./local-lake.ts";

/** How a workflow is run. */
export interface WorkflowOptions {
  /** The consumer's folder; it is made a git repository. */
  readonly repository: string;
  /** The file's name in `.github/workflows`. */
  readonly workflow: string;
  readonly event: string;
  /** The repository's configuration variables: `vars` in a workflow. */
  readonly vars?: Readonly<Record<string, string>>;
  /** The runner's variables; default: those that lead to the shared local lake. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The event's payload. */
  readonly payload?: unknown;
}

/** The job's GITHUB_TOKEN. */
export const jobToken = "token-of-the-test";

/** What a step, or a step within a composite action, did. */
export interface StepRun {
  readonly job: string;
  /** The ids, or numbers from 0, of the composite actions that it is in and of the step: `lake/deploy`. */
  readonly id: string;
  /** `Main`, or `Post` of an action that has one. */
  readonly stage: string;
  readonly result: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Its errors, warnings and notices. */
  readonly annotations: readonly { level: string; title?: string; file?: string; line?: string }[];
  /** The Markdown that it left in the job's summary. */
  readonly summary: string;
}

/** A run of a workflow. */
export interface WorkflowRun {
  readonly succeeded: boolean;
  /** In the order in which they began. */
  readonly steps: readonly StepRun[];
  /** The reports that it uploaded, by the artifact's name, in the order of their time. */
  readonly reports: ReadonlyMap<string, readonly Report[]>;
  /** All that act said, for a message when something is not as expected. */
  readonly log: string;
}

/** A line of `act --json`, as far as we read it. */
const lineSchema = z.object({
  jobID: z.string().optional(),
  stepID: z.array(z.string()).optional(),
  stage: z.string().optional(),
  stepResult: z.string().optional(),
  command: z.string().optional(),
  name: z.string().optional(),
  arg: z.string().optional(),
  content: z.string().optional(),
  kvPairs: z.record(z.string(), z.string()).nullish(),
  msg: z.string(),
});
type Line = z.infer<typeof lineSchema>;

/**
 * Runs a consumer's workflow in act's host mode, on this machine and with this Node. Its `acme/datalake-actions/…@v1` are
 * the release tree.
 */
export async function runWorkflow(options: WorkflowOptions): Promise<WorkflowRun> {
  const home = await mkdtemp(join(tmpdir(), "datalake-act-"));
  try {
    const repositories = await makeUsedRepositories(home, options.repository);
    await makeRepository(options.repository);
    const { code, stdout, stderr } = await runAct(options, home, repositories);
    const lines = stdout.split("\n").flatMap(readLine);
    return {
      succeeded: code === 0,
      steps: collectSteps(lines),
      reports: await readArtifacts(join(home, "artifacts")),
      log: lines.map(({ jobID = "", msg }) => `${jobID}: ${msg.trimEnd()}\n`).join("") + stderr,
    };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** Everything of act stays in `home`, and its servers on the loopback interface. */
async function runAct(
  { repository, workflow, event, vars = {}, variables = variablesOfLake(), payload = {} }: WorkflowOptions,
  home: string,
  repositories: Repositories,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const python = inject("python");
  const ofRunner = { DATALAKE_PYTHON: python, ARTIFACTS: join(home, "artifacts"), ...variables };
  const pairs = (flag: string, values: Readonly<Record<string, string>>) =>
    Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
  const eventFile = join(home, "event.json");
  await writeFile(eventFile, JSON.stringify(payload));
  const parameters = [
    event,
    `--eventpath=${eventFile}`,
    `--workflows=.github/workflows/${workflow}`,
    "--platform=ubuntu-latest=-self-hosted",
    "--pull=false",
    "--action-offline-mode",
    `--action-cache-path=${join(home, "act")}`,
    "--no-cache-server",
    "--artifact-server-addr=127.0.0.1",
    "--cache-server-addr=127.0.0.1",
    "--json",
    `--secret=GITHUB_TOKEN=${jobToken}`,
    ...pairs("--local-repository", repositories),
    ...pairs("--var", vars),
    ...pairs("--env", ofRunner),
  ];
  // Whatever an action's `using` says, act runs it with the Node that is first on PATH.
  const path = [dirname(process.execPath), dirname(python), process.env["PATH"]].join(delimiter);
  const child = spawn(join(dirname(python), "act"), parameters, {
    cwd: repository,
    env: { PATH: path, HOME: home, XDG_CACHE_HOME: home },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (said.stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (said.stderr += chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, ...said };
}

/** The variables that lead to the shared local lake. */
export function variablesOfLake(): Readonly<Record<string, string>> {
  return localEnvironment(inject("localLake"), region, {}).set;
}

function readLine(text: string): Line[] {
  return text === "" ? [] : [lineSchema.parse(JSON.parse(text))];
}

function collectSteps(lines: readonly Line[]): StepRun[] {
  const ofSteps = lines.filter(({ stage, stepID }) => stage !== undefined && stage !== "Pre" && stepID);
  const groups = Map.groupBy(
    ofSteps,
    ({ jobID = "", stage = "", stepID = [] }) => `${jobID} ${stage} ${stepID.join("/")}`,
  );
  return [...groups].map(([key, group]) => collectStep(key, group));
}

function collectStep(key: string, lines: readonly Line[]): StepRun {
  const [job = "", stage = "", id = ""] = key.split(" ");
  const ofCommand = (...names: string[]) => lines.filter(({ command = "" }) => names.includes(command));
  const outputs = ofCommand("set-output").map(({ name = "", arg = "" }) => [name, arg] as const);
  return {
    job,
    stage,
    id,
    result: lines.find(({ stepResult }) => stepResult !== undefined)?.stepResult ?? "",
    outputs: Object.fromEntries(outputs),
    annotations: ofCommand("error", "warning", "notice").map(({ command = "", kvPairs }) => ({
      level: command,
      ...kvPairs,
    })),
    summary: ofCommand("summary")
      .map(({ content = "" }) => content)
      .join(""),
  };
}

async function readArtifacts(folder: string): Promise<Map<string, Report[]>> {
  const artifacts = new Map<string, Report[]>();
  for (const path of globSync("*/**/*.json", { cwd: folder })) {
    const name = path.split("/")[0] ?? "";
    const report = reportSchema.parse(JSON.parse(await readFile(join(folder, path), "utf8")));
    artifacts.set(name, [...(artifacts.get(name) ?? []), report]);
  }
  const time = ({ startedAt = "" }: Report) => startedAt;
  for (const reports of artifacts.values()) reports.sort((a, b) => time(a).localeCompare(time(b)));
  return artifacts;
}
