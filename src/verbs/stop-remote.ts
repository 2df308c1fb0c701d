import { stopQuery } from "../athena/index.ts";
import type { RemoteWork, StepReporter } from "../core/index.ts";
import { stopCrawler } from "../crawler/index.ts";
import { cancelJob } from "../spark/index.ts";
import { stopStack } from "../stacks/index.ts";

/** Stops work that a process began in AWS and did not live to stop itself. */
export async function stopRemote(work: RemoteWork, step: StepReporter): Promise<void> {
  switch (work.type) {
    case "stack":
      return stopStack(work, step);
    case "crawl":
      return stopCrawler(work.crawler, step);
    case "step":
      return cancelJob(work, step);
    case "query":
      return stopQuery(work.id, step);
  }
}
