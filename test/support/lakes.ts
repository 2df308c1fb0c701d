import { cp } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { CloudFormationClient, ListStacksCommand } from "@aws-sdk/client-cloudformation";
import {
  createContext,
  runDatalake,
  uniqueName,
  type CommandOptions,
  type CommandResult,
} from "./local-lake.ts";
import { makeFolder, type TemporaryFolder } from "./temporary-lake.ts";

/** A copy of one of the repository's lakes, under a name of its own, on the shared local lake. */
export interface LakeCopy extends TemporaryFolder {
  readonly name: string;
  /** Runs `datalake` in its folder. */
  run(words: string, options?: Partial<CommandOptions>): Promise<CommandResult>;
  /** Runs `datalake … --json` and returns the exit code and what it printed. */
  ask(words: string, options?: Partial<CommandOptions>): Promise<{ code: number | null; json: Answer }>;
}

/** What `--json` prints, as far as tests look at it. */
export interface Answer {
  readonly verdict: string;
  readonly error?: {
    readonly reason: string;
    readonly message: string;
    readonly hint?: string;
    readonly place?: unknown;
  };
  readonly [key: string]: unknown;
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Copies files or folders of the repository (`from` below its root) into a temporary lake. */
export async function copyLake(from: string, parts: readonly string[]): Promise<LakeCopy> {
  const folder = await makeFolder({});
  for (const part of parts)
    await cp(`${root}/${from}/${part}`, `${folder.path}/${part}`, { recursive: true });
  const name = uniqueName("copy");
  const run: LakeCopy["run"] = (words, options = {}) =>
    runDatalake(splitWords(words), {
      cwd: folder.path,
      onLake: true,
      ...options,
      env: { PROJECT_PREFIX: name, ...options.env },
    });
  const ask: LakeCopy["ask"] = async (words, options) => {
    const { code, stdout, stderr } = await run(words.replace(/( -- |$)/, " --json$1"), options);
    if (stdout === "") throw new Error(`datalake ${words} printed nothing on stdout:\n${stderr}`);
    return { code, json: JSON.parse(stdout) as Answer };
  };
  return { ...folder, name, run, ask };
}

/** Words as a shell would split them, with single quotes around what has blanks. */
function splitWords(words: string): string[] {
  return [...words.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}

/** Names and statuses of the stacks whose names begin with `prefix`, deleted ones left out. */
export async function stacksOf(prefix: string): Promise<string[]> {
  const { clients } = createContext();
  const answer = await clients.use(CloudFormationClient).send(new ListStacksCommand({}));
  return (answer.StackSummaries ?? [])
    .filter(
      (stack) => stack.StackName?.startsWith(prefix) === true && stack.StackStatus !== "DELETE_COMPLETE",
    )
    .map((stack) => `${stack.StackName ?? ""} ${stack.StackStatus ?? ""}`)
    .sort();
}
