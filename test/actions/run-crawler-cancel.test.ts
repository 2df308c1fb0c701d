import {
  GetCrawlerCommand,
  GetTablesCommand,
  GlueClient,
  StartCrawlerCommand,
  StopCrawlerCommand,
} from "@aws-sdk/client-glue";
import { expect, onTestFinished, test } from "vitest";
import { makeCrawlBed, slowFiles } from "../crawler/crawl-bed.ts";
import { describeFailure } from "./describe-failure.ts";
import { createContext } from "../support/local-lake.ts";
import { runAction, type ActionOptions } from "../support/run-action.ts";
import { makeFolder } from "../support/temporary-lake.ts";

/** A crawler at work for longer than any of these tests, ways to look at it and to run it; it is stopped in the end. */
async function makeSlowCrawler() {
  const context = createContext();
  const { name } = await makeCrawlBed(slowFiles(30), context);
  const glue = context.clients.use(GlueClient);
  const look = async () => (await glue.send(new GetCrawlerCommand({ Name: name }))).Crawler ?? {};
  const stop = async () => {
    if ((await look()).State === "RUNNING") await glue.send(new StopCrawlerCommand({ Name: name }));
  };
  onTestFinished(stop);
  const run = async (options: Omit<ActionOptions, "cwd">, timeout = "30m") => {
    await using folder = await makeFolder({});
    const variables = { RUNNER_DEBUG: "1" };
    return await runAction(
      "run-crawler",
      { crawler: name, timeout },
      { cwd: folder.path, variables, ...options },
    );
  };
  /** How the last crawl ended and the tables it left, once it has ended. */
  const ended = async () => {
    await expect.poll(async () => (await look()).State, { timeout: 30_000 }).toBe("READY");
    const { TableList = [] } = await glue.send(new GetTablesCommand({ DatabaseName: name }));
    return { status: (await look()).LastCrawl?.Status, tables: TableList.length };
  };
  return { name, look, stop, run, ended, start: () => glue.send(new StartCrawlerCommand({ Name: name })) };
}

const cancelled = {
  code: 1,
  reason: "cancelled",
  verdict: "failed",
  annotations: ["error Cancelled: the run was cancelled\nRun the job again to go on."],
};
const begun = /Glue StartCrawler \d+ ms\n/;
const followed = /Glue StartCrawler \d+ ms\n· Glue GetCrawler/;

test("cancelled before the crawl, none is begun", async () => {
  const crawler = await makeSlowCrawler();
  const result = await crawler.run({ cancel: /STS GetCallerIdentity/ });
  expect(describeFailure(result)).toEqual(cancelled);
  expect(result.log).not.toContain("StartCrawler");
  const { State, LastCrawl } = await crawler.look();
  expect({ State, LastCrawl }).toEqual({ State: "READY", LastCrawl: undefined });
});

test.each([
  { when: "as soon as the crawl has begun", cancel: begun },
  { when: "while the crawl is followed", cancel: followed },
])("cancelled $when, the crawl is stopped, and no table is written", async ({ cancel }) => {
  const crawler = await makeSlowCrawler();
  const result = await crawler.run({ cancel });
  expect(describeFailure(result)).toEqual(cancelled);
  expect(result.log).toContain(`crawler ${crawler.name} was told to stop`);
  expect(result.report).toMatchObject({
    failure: { reason: "cancelled" },
    timings: [{ outcome: "cancelled" }],
  });
  expect(result.post).toBe("");
  expect(await crawler.ended()).toEqual({ status: "CANCELLED", tables: 0 });
});

test("killed with no chance to stop anything, the post step stops the crawl and says so", async () => {
  const crawler = await makeSlowCrawler();
  const result = await crawler.run({ kill: followed });
  expect(result).toMatchObject({ code: null, outputs: {}, report: undefined });
  expect(result.post).toContain(
    `::warning title=Stopped afterwards::The step was ended before it could stop what it had begun; stopped now: crawler ${crawler.name}.`,
  );
  expect(await crawler.ended()).toEqual({ status: "CANCELLED", tables: 0 });
});

test("a time-out is told with how to go on; a crawl of somebody else is joined, and outlives our cancel", async () => {
  const crawler = await makeSlowCrawler();
  const impatient = await crawler.run({}, "0s");
  expect(describeFailure(impatient)).toEqual({
    code: 4,
    reason: "timed-out",
    verdict: "failed",
    annotations: [
      `error Timed out: crawler ${crawler.name} was still running after 0 ms\nIt goes on in AWS; run the same command again to take up the wait.`,
    ],
  });
  expect(impatient.post).toBe("");
  expect((await crawler.look()).State).toBe("RUNNING");

  const second = await crawler.run({ cancel: /StartCrawler \d+ ms CrawlerRunningException/ });
  expect(describeFailure(second)).toEqual(cancelled);
  expect(second.log).not.toContain("was told to stop");
  expect(second.post).toBe("");
  expect((await crawler.look()).State).toBe("RUNNING");
});

test("a crawl that somebody else stops fails, with what to do", async () => {
  const crawler = await makeSlowCrawler();
  await crawler.start();
  const result = await crawler.run({ meanwhile: { when: /CrawlerRunningException/, act: crawler.stop } });
  expect(describeFailure(result)).toMatchObject({
    code: 1,
    reason: "crawler-failed",
    annotations: [
      `error Crawler failed: crawler ${crawler.name} was stopped by somebody else\nRun the same command again.`,
    ],
  });
});
