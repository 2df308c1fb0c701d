import { createHash } from "node:crypto";
import { globSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildActions, distFolder } from "../../scripts/build.ts";
import { createClients, silentHost, systemClock } from "../../src/core/index.ts";
import { holdLock } from "../../src/local/lock.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const sources = ["{src,actions}/**/*.{ts,js}", "tsconfig*.json", "package-lock.json", "scripts/build.ts"];

async function buildIfStale(): Promise<string> {
  const home = join(root, ".datalake");
  await mkdir(home, { recursive: true });
  const context = {
    clients: createClients({ region: "us-east-1" }, silentHost),
    host: silentHost,
    signal: AbortSignal.timeout(120_000),
    clock: systemClock,
    step: undefined,
  };
  // Several test files ask at once, each in a process of its own.
  return holdLock(join(home, "build.lock"), context, async () => {
    const hash = await hashSources();
    const stamp = join(root, "build", "sources.sha256");
    if ((await readFile(stamp, "utf8").catch(() => "")) !== hash) {
      await buildActions();
      await writeFile(stamp, hash);
    }
    return distFolder;
  });
}

async function hashSources(): Promise<string> {
  const hash = createHash("sha256");
  for (const path of globSync(sources, { cwd: root }).sort())
    hash.update(`${path}\n`).update(await readFile(join(root, path)));
  return hash.digest("hex");
}

/**
 * The folder of the actions' programs, `<action>.js`; built if the sources are not those of the last build, while a test
 * file is loaded, when no test's time runs yet.
 */
export const actionsFolder = await buildIfStale();
