import { GetCrawlerCommand, GlueClient, StartCrawlerCommand, type Crawler } from "@aws-sdk/client-glue";
import {
  attemptsOf,
  awsCodeOf,
  countOf,
  LakeError,
  poll,
  runStep,
  whileRemote,
  type Context,
  type StepReporter,
} from "../core/index.ts";
import { readTableChanges, type TableChanges } from "./crawl-summary.ts";
import { stopCrawler } from "./stop-crawler.ts";

/** Which crawler to run, and for how many milliseconds to wait for it. */
export interface CrawlRequest {
  readonly name: string;
  readonly within: number;
}

/** How a crawl ended. */
export interface CrawlResult {
  readonly name: string;
  readonly database: string | undefined;
  /** Whether the crawl was already running when we came. */
  readonly joined: boolean;
  /** Undefined where AWS keeps no summary of the crawl. */
  readonly tables: TableChanges | undefined;
  readonly milliseconds: number;
}

/**
 * Runs a Glue crawler and waits for its end; one that is already running is joined instead of started. When the
 * signal aborts, a crawl that we started is stopped, and one that we joined goes on.
 *
 * @throws LakeError `crawler-failed` with the crawler's own message and its log, `timed-out` with the crawl going on.
 */
export function runCrawler({ name, within }: CrawlRequest, context: Context): Promise<CrawlResult> {
  return runStep(context, "crawl", name, async (step) => {
    const start = step.clock.now();
    const before = await readCrawler(name, step);
    const previous = before.LastCrawl?.StartTime?.getTime();
    const joined = !(await startCrawler({ name, within }, before.State === "READY", step));
    const follow = () => followCrawl({ name, within, previous, joined }, step);
    const crawler = joined
      ? await follow()
      : await whileRemote(step, { type: "crawl", crawler: name }, follow);
    requireSuccess(name, crawler);
    const tables = await readTableChanges(name, crawler.LastCrawl?.StartTime, step);
    step.conclude(`${joined ? "joined a crawl; " : ""}${describeChanges(tables)}`, outcomeOf(tables));
    const milliseconds = step.clock.now() - start;
    return { name, database: crawler.DatabaseName, joined, tables, milliseconds };
  });
}

/** Starts the crawler, which was ready a moment ago or not. Returns false where somebody else's crawl runs already. */
async function startCrawler(
  { name, within }: CrawlRequest,
  wasReady: boolean,
  step: StepReporter,
): Promise<boolean> {
  return poll({
    what: `crawler ${name}`,
    every: 2000,
    within,
    signal: step.signal,
    clock: step.clock,
    probe: async () => {
      try {
        // Not cancellable: a start whose answer is lost would leave a crawl that nobody stops.
        await step.clients.use(GlueClient).send(new StartCrawlerCommand({ Name: name }));
        return { done: true };
      } catch (error) {
        if (awsCodeOf(error) !== "CrawlerRunningException") throw error;
        // The SDK sends a start again whose answer was lost; what runs then is the crawl that it began.
        if (wasReady && attemptsOf(error) > 1) return { done: true };
      }
      const { State: state } = await readCrawler(name, step);
      // A crawl that is stopping has read its files, maybe before ours were there: it is waited for, not joined.
      return state === "RUNNING" ? { done: false } : { waiting: "stopping" };
    },
  });
}

interface Crawl extends CrawlRequest {
  /** Start of the crawl before this one; milliseconds since the epoch. */
  readonly previous: number | undefined;
  readonly joined: boolean;
}

async function followCrawl({ name, within, previous, joined }: Crawl, step: StepReporter): Promise<Crawler> {
  let told = "";
  try {
    return await poll<Crawler>({
      what: `crawler ${name}`,
      every: 2000,
      within,
      signal: step.signal,
      clock: step.clock,
      probe: async () => {
        const crawler = await readCrawler(name, step);
        const last = crawler.LastCrawl?.StartTime?.getTime();
        // Just after the start the crawler can still be READY with the crawl before ours as its last one.
        if (crawler.State === "READY" && last !== undefined && last !== previous) return { done: crawler };
        const state = (crawler.State ?? "READY").toLowerCase();
        if (state !== told) step.progress(state);
        told = state;
        return { waiting: state };
      },
    });
  } catch (error) {
    if (step.signal.aborted && !joined) await stopCrawler(name, step);
    throw error;
  }
}

async function readCrawler(name: string, context: Context): Promise<Crawler> {
  try {
    const answer = await context.clients
      .use(GlueClient)
      .send(new GetCrawlerCommand({ Name: name }), { abortSignal: context.signal });
    return answer.Crawler ?? {};
  } catch (error) {
    if (awsCodeOf(error) !== "EntityNotFoundException") throw error;
    throw new LakeError("crawler-failed", `there is no crawler ${name} in ${context.clients.region}`, {
      hint: "Deploy the layer that makes it, or check its name and the region.",
      cause: error,
    });
  }
}

function requireSuccess(name: string, { LastCrawl: last }: Crawler): void {
  if (last?.Status === "SUCCEEDED") return;
  if (last?.Status === "CANCELLED") {
    throw new LakeError("crawler-failed", `crawler ${name} was stopped by somebody else`, {
      hint: "Run the same command again.",
    });
  }
  const group = last?.LogGroup ?? "/aws-glue/crawlers";
  const why = last?.ErrorMessage ?? "AWS gives no reason";
  throw new LakeError("crawler-failed", `crawler ${name} failed: ${why}`, {
    hint: `Its log is in CloudWatch, log group ${group}, stream ${last?.LogStream ?? name}.`,
  });
}

function describeChanges(tables: TableChanges | undefined): string {
  if (tables === undefined) return "done";
  const { added, updated, deleted } = tables;
  const parts = [
    [added, "added"],
    [updated, "updated"],
    [deleted, "deleted"],
  ] as const;
  const said = parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${countOf(count, "table")} ${word}`);
  return said.length === 0 ? "no table changed" : said.join(", ");
}

function outcomeOf(tables: TableChanges | undefined) {
  const total = tables && tables.added + tables.updated + tables.deleted;
  return total === 0 ? "unchanged" : "done";
}
