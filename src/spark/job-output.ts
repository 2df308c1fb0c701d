/** What a job printed. */
export interface JobOutput {
  /** The last lines of its stdout, at most 100. */
  readonly lines: readonly string[];
  /** The last line that is a JSON object, parsed; undefined where there is none. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

/** Reads a job's stdout. */
export function readOutput(stdout: string): JobOutput {
  const lines = stdout.trimEnd().split(/\r?\n/).slice(-100);
  const json = lines.map(parseObject).findLast((value) => value !== undefined);
  return { lines: lines.length === 1 && lines[0] === "" ? [] : lines, json };
}

function parseObject(line: string): Record<string, unknown> | undefined {
  if (!line.trimStart().startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
