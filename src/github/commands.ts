import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";

/**
 * What GitHub's runner understands on stdout and in its files. Source: GitHub Docs, "Workflow commands for GitHub
 * Actions". The package @actions/core does the same and brings 1 MB of an HTTP client, a quarter of all our actions.
 */
export interface Commands {
  /** A line of the log. It cannot become a command, whatever is in it. */
  print(line: string): void;
  /** Prints lines folded under a title. */
  group(title: string, lines: readonly string[]): void;
  /** Keeps a text out of every later line of the log; blank texts would hide everything and are left alone. */
  mask(secret: string): void;
  /**
   * A value whose texts have `***` in the place of what is masked. The runner does that to its log alone, and not to files,
   * summaries and comments.
   */
  blot<T>(value: T): T;
  annotate(annotation: Annotation): void;
  /** Sets an output of the step. */
  output(name: string, value: string): void;
  /** Sets a variable for the job's later steps. */
  exportVariable(name: string, value: string): void;
  /** Keeps a text for the action's `post` step. */
  saveState(name: string, value: string): void;
  /** Adds Markdown to the job's summary. */
  summarise(markdown: string): void;
}

/** A mark on the run's page, and in the pull request's files where the file is among them. */
export interface Annotation {
  readonly level: "error" | "warning" | "notice";
  /** Short and stable. */
  readonly title: string;
  readonly message: string;
  /** Relative to the repository. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** The runner's files, by the variables that name them. */
type RunnerFiles = Readonly<Record<string, string | undefined>>;

/** What is shorter would make holes in every other word, and hides nothing. */
const shortestSecret = 4;

/** Commands for the runner whose variables these are, written by `write`, a line at a time. */
export function createCommands(variables: RunnerFiles, write: (line: string) => void): Commands {
  const secrets = new Set<string>();
  const blot = <T>(value: T): T => blotOut(value, secrets);
  const print = (line: string): void => {
    for (const part of line.split(/\r\n|[\r\n\u2028\u2029]/)) write(disarm(blot(part)));
  };
  return {
    print,
    group(title, lines) {
      write(`::group::${escapeData(disarm(blot(title)))}`);
      lines.forEach(print);
      write("::endgroup::");
    },
    mask(secret) {
      for (const line of new Set([secret, ...secret.split(/\r?\n/)])) {
        if (line.trim() === "") continue;
        write(`::add-mask::${escapeData(line)}`);
        if (line.length >= shortestSecret) secrets.add(line);
      }
    },
    blot,
    annotate({ level, title, message, file, line, column }) {
      const properties = Object.entries({ title, file, line, col: column })
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${name}=${escapeProperty(blot(String(value)))}`);
      write(`::${level} ${properties.join(",")}::${escapeData(blot(message))}`);
    },
    ...createFileCommands(variables),
  };
}

/** The commands that go into files: a runner that names none of them, as on a laptop, gets nothing. */
function createFileCommands(
  variables: RunnerFiles,
): Pick<Commands, "output" | "exportVariable" | "saveState" | "summarise"> {
  const append = (variable: string, text: string): void => {
    const file = variables[variable];
    if (file !== undefined && file !== "") appendFileSync(file, text);
  };
  const setIn = (variable: string) => (name: string, value: string) => {
    // A delimiter that nobody can guess: a value that contained it would set other names.
    const end = `end_${randomUUID()}`;
    append(variable, `${name}<<${end}\n${value}\n${end}\n`);
  };
  return {
    output: setIn("GITHUB_OUTPUT"),
    exportVariable: setIn("GITHUB_ENV"),
    saveState: setIn("GITHUB_STATE"),
    summarise: (markdown) => {
      append("GITHUB_STEP_SUMMARY", `${markdown}\n`);
    },
  };
}

/**
 * A line that the runner takes for nothing but text. It reads `::name::` at the beginning of a line, blanks before it
 * left aside, and the older `##[name]` anywhere in it.
 */
export function disarm(line: string): string {
  return line.replace(/^(\s*):(?=:)/, "$1: ").replaceAll("##[", "## [");
}

function blotOut<T>(value: T, secrets: ReadonlySet<string>): T {
  if (secrets.size === 0) return value;
  const blotText = (text: string) =>
    [...secrets].reduce((left, secret) => left.replaceAll(secret, "***"), text);
  const text = JSON.stringify(value, (_, part: unknown) =>
    typeof part === "string" ? blotText(part) : part,
  );
  return JSON.parse(text) as T;
}

/** Escapes the message of a command. */
function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** Escapes a property of a command. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
