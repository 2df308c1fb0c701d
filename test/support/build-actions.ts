import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { listActions } from "../../actions/catalog.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder with a program for each action, `<action>.js`. */
    actionsFolder: string;
  }
}

/** Makes the programs of all actions for a run of vitest. */
export default async function buildForRun(project: TestProject): Promise<() => Promise<void>> {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const folder = await mkdtemp(join(root, "node_modules", ".datalake-actions-"));
  const dispatcher = join(root, "actions", "dispatch.ts");
  for (const { action } of await listActions()) {
    const text = `import { dispatch } from ${JSON.stringify(dispatcher)};\nawait dispatch("${action.name}");\n`;
    await writeFile(join(folder, `${action.name}.js`), text);
  }
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
  project.provide("actionsFolder", folder);
  return () => rm(folder, { recursive: true, force: true });
}
