import type { RemoteWork, StepReporter } from "../core/index.ts";

/**
 * Stops work that a process began in AWS and did not live to stop itself. Each kind is loaded when it is needed, so that
 * no action pays for the AWS clients of the others.
 */
export async function stopRemote(work: RemoteWork, step: StepReporter): Promise<void> {
  switch (work.type) {
    case "stack":
      return (await import("../stacks/index.ts")).stopStack(work, step);
    case "crawl":
      return (await import("../crawler/index.ts")).stopCrawler(work.crawler, step);
    case "step":
      return (await import("../spark/index.ts")).cancelJob(work, step);
    case "query":
      return (await import("../athena/index.ts")).stopQuery(work.id, step);
  }
}
