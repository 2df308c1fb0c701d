import { spawn } from "node:child_process";
import { root } from "./setup.js";

/** @typedef {{ code: number, output: string, milliseconds: number }} Ended */

/**
 * Runs a command of the checkout to its end.
 *
 * @param {string} command
 * @param {readonly string[]} parameters
 * @param {{ variables?: Record<string, string | undefined>, shown?: boolean, folder?: string }} [options]
 *   `shown`: its output goes where this process's goes and is not kept
 * @returns {Promise<Ended>} never rejects: a command that does not start has the code 127
 */
export function runCommand(
  command,
  parameters,
  { variables = process.env, shown = false, folder = root } = {},
) {
  const begun = Date.now();
  const stdio = shown ? "inherit" : "pipe";
  const child = spawn(command, parameters, { cwd: folder, env: variables, stdio: ["ignore", stdio, stdio] });
  const stop = () => child.kill("SIGTERM");
  process.on("SIGTERM", stop);
  let output = "";
  const hear = (/** @type {Buffer} */ chunk) => (output += chunk.toString());
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  return new Promise((resolve) => {
    const end = (/** @type {number} */ code) => {
      process.off("SIGTERM", stop);
      resolve({ code, output, milliseconds: Date.now() - begun });
    };
    child.on("error", (error) => {
      output += error.message;
      end(127);
    });
    child.on("close", (code) => end(code ?? 1));
  });
}
