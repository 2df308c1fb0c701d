// What every action needs: in the bundle's first chunk, where it is found by all others, and not in each of them.
import "../src/core/index.ts";
import "../src/report/index.ts";

/**
 * The one entry of the bundle: `dist/<action>.js` calls it with its own name, and only that action's part is loaded.
 */
const mains: Readonly<Record<string, () => Promise<unknown>>> = {
  "athena-check": () => import("./athena-check/main.ts"),
  "audit-report": () => import("./audit-report/main.ts"),
  "deploy-layer": () => import("./deploy-layer/main.ts"),
  "local-lake": () => import("./local-lake/start/main.ts"),
  report: () => import("./report/main.ts"),
  "run-crawler": () => import("./run-crawler/main.ts"),
  "run-emr-job": () => import("./run-emr-job/main.ts"),
  teardown: () => import("./teardown/main.ts"),
};

/** Runs the action of that name. */
export async function dispatch(name: string): Promise<void> {
  await mains[name]?.();
}
