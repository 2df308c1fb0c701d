#!/usr/bin/env node
// The sources are TypeScript that Node 24 runs as it is. An older Node hands over to the one that npm installed.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const oldest = 24;
const ownNode = fileURLToPath(new URL("../node_modules/.bin/node", import.meta.url));
const main = fileURLToPath(new URL("./main.ts", import.meta.url));

if (Number(process.versions.node.split(".")[0]) >= oldest) {
  await import("./main.ts");
} else if (existsSync(ownNode)) {
  const child = spawn(ownNode, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  // A terminal sends Ctrl-C to both; other senders reach only this process.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
} else {
  console.error(
    `datalake needs Node ${oldest}; this is Node ${process.versions.node}. Run \`npm ci\` here first: it brings one.`,
  );
  process.exit(1);
}
