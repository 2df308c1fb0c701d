import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** Environment variables, as the caller has them or as a program gets them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** How {@link runProgram} runs a program. */
export interface ProgramOptions {
  readonly variables: Variables;
  /** Kills the program when it aborts. */
  readonly signal: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** How a program ended: `code` is its exit code, `lines` is all it said on stdout and stderr. */
export interface ProgramResult {
  readonly code: number;
  readonly lines: readonly string[];
}

/**
 * Runs a program to its end with nothing on its stdin.
 *
 * @throws the reason of `signal` once it aborts, or node's own error when there is no such program.
 */
export async function runProgram(
  command: string,
  parameters: readonly string[],
  { variables, signal, onLine }: ProgramOptions,
): Promise<ProgramResult> {
  signal.throwIfAborted();
  const child = spawn(command, parameters, { env: variables, stdio: ["ignore", "pipe", "pipe"], signal });
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve(code ?? 1);
    });
  });
  const lines: string[] = [];
  const hear = async (stream: Readable) => {
    for await (const line of createInterface({ input: stream })) {
      lines.push(line);
      onLine?.(line);
    }
  };
  try {
    const [code] = await Promise.all([ended, hear(child.stdout), hear(child.stderr)]);
    return { code, lines };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
