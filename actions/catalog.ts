import { localLakeAction, makeVerbAction, reportAction, type Action } from "../src/github/index.ts";
import { declaration as athenaCheck } from "./athena-check/declaration.ts";
import { declaration as auditReport } from "./audit-report/declaration.ts";
import { declaration as deployLayer } from "./deploy-layer/declaration.ts";
import { declaration as runCrawler } from "./run-crawler/declaration.ts";
import { declaration as runEmrJob } from "./run-emr-job/declaration.ts";
import { declaration as teardown } from "./teardown/declaration.ts";

/** An action and the folder of its action.yml. */
export interface PlacedAction {
  readonly action: Action;
  /** Relative to the repository. */
  readonly folder: string;
}

/** Every action that runs on Node, in the order in which a lake lives. */
export async function listActions(): Promise<PlacedAction[]> {
  const declarations = [deployLayer, runCrawler, runEmrJob, athenaCheck, auditReport, teardown];
  const ofVerbs = await Promise.all(declarations.map(makeVerbAction));
  return [
    ...ofVerbs.map((action) => ({ action, folder: `actions/${action.name}` })),
    { action: reportAction, folder: "actions/report" },
    // A composite around it brings the cache; see actions/local-lake/action.yml.
    { action: localLakeAction, folder: "actions/local-lake/start" },
  ];
}
