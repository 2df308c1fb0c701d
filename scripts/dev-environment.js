// Under Node 24 only, see enterNode24: imports TypeScript.
import { createPlainHost, createTerminalHost } from "../cli/terminal-host.ts";
import { createClients, systemClock, toLakeError } from "../src/core/index.ts";
import { ensurePythonEnvironment } from "../src/local/index.ts";
import { root } from "./setup.js";

/**
 * The Python environment of the checkout with the test tools; made, with its progress on stderr, if need be. Ends the
 * process with a sentence when it cannot be made.
 *
 * @param {"spark-3.5" | "spark-4"} [spark] default: the one for the Python at hand, or whatever DATALAKE_PYTHON has
 * @returns {Promise<import("../src/local/index.ts").PythonEnvironment>}
 */
export async function openDevEnvironment(spark) {
  const open = process.stderr.isTTY ? createTerminalHost : createPlainHost;
  const host = open(process.stderr, { debug: false });
  const interrupt = new AbortController();
  const abort = () => interrupt.abort();
  process.once("SIGINT", abort).once("SIGTERM", abort);
  const clients = createClients({ region: "us-east-1" }, host);
  const context = { clients, host, signal: interrupt.signal, clock: systemClock, step: undefined };
  try {
    const request = { directory: root, variables: process.env, dev: true };
    const given = spark === undefined ? { python: process.env["DATALAKE_PYTHON"] } : { spark };
    return await ensurePythonEnvironment({ ...request, ...given }, context);
  } catch (thrown) {
    const error = toLakeError(thrown, interrupt.signal);
    host.close();
    console.error(`${error.message}${error.hint === undefined ? "" : `\n${error.hint}`}`);
    process.exit(error.exitCode);
  } finally {
    host.close();
    process.off("SIGINT", abort).off("SIGTERM", abort);
  }
}
