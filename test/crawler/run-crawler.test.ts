import { DeleteDatabaseCommand, GetCrawlerCommand, GlueClient } from "@aws-sdk/client-glue";
import { expect, test } from "vitest";
import { diffCatalog, listRunningCrawlers, runCrawler, snapshotCatalog } from "../../src/crawler/index.ts";
import { createContext, uniqueName } from "../support/local-lake.ts";
import { makeCrawlBed } from "./crawl-bed.ts";

const within = 60_000;

/** Files of one table that a crawler needs a while for: it samples a megabyte of each. */
function largeFiles(): Record<string, string> {
  const line = `${uniqueName("row")},1,2.5,2026-01-01\n`;
  const body = `name,count,share,day\n${line.repeat(Math.ceil(1_000_000 / line.length))}`;
  return Object.fromEntries(
    Array.from({ length: 6 }, (_, index) => [`t${index}/a.csv`, `${body}${index},1,1,1\n`]),
  );
}

test("a crawl tells what it added, then that nothing changed, then what it updated", async () => {
  const context = createContext();
  const bed = await makeCrawlBed(
    { "orders/a.csv": "id,total\n1,2.5\n2,3.5\n", "items/a.csv": "id,name\n1,x\n" },
    context,
  );
  const empty = await snapshotCatalog(bed.name, context);
  expect([...empty.keys()]).toEqual([]);

  expect(await runCrawler({ name: bed.name, within }, context)).toMatchObject({
    name: bed.name,
    database: bed.name,
    joined: false,
    tables: { added: 2, updated: 0, deleted: 0 },
  });
  const first = await snapshotCatalog(bed.name, context);
  expect(first.get("orders")).toMatchObject({
    columns: [
      { name: "id", type: "bigint" },
      { name: "total", type: "double" },
    ],
    classification: "csv",
    rows: 2,
  });

  expect((await runCrawler({ name: bed.name, within }, context)).tables).toEqual({
    added: 0,
    updated: 0,
    deleted: 0,
  });
  expect(context.events.findLast((event) => event.kind === "finished")).toMatchObject({
    outcome: "unchanged",
  });

  await bed.put("orders/a.csv", "id,total,note\n1,2.5,x\n2,3.5,y\n");
  expect((await runCrawler({ name: bed.name, within }, context)).tables).toMatchObject({ updated: 1 });
  expect(diffCatalog(first, await snapshotCatalog(bed.name, context))).toEqual([
    { kind: "column added", table: "orders", column: "note", after: "string", breaking: false },
  ]);
});

test("a crawl that runs already is joined", async () => {
  const context = createContext();
  const bed = await makeCrawlBed(largeFiles(), context);

  const crawls = await Promise.all([
    runCrawler({ name: bed.name, within }, context),
    runCrawler({ name: bed.name, within }, context),
  ]);
  expect(crawls.map((crawl) => crawl.joined).sort()).toEqual([false, true]);
  expect(crawls.map((crawl) => crawl.tables?.added)).toEqual([1, 1]);
});

test("cancelling stops a crawl that we started", async () => {
  const controller = new AbortController();
  const context = createContext(controller.signal);
  const bed = await makeCrawlBed(largeFiles(), context);
  const crawl = runCrawler({ name: bed.name, within }, context);
  const ended = expect(crawl).rejects.toMatchObject({ reason: "cancelled" });
  await expect
    .poll(() => context.events.some((event) => event.kind === "progress"), { timeout: within })
    .toBe(true);
  controller.abort();
  await ended;

  const after = createContext();
  await expect
    .poll(() => listRunningCrawlers([bed.name, uniqueName("no")], after), { timeout: within })
    .toEqual([]);
  const { Crawler } = await after.clients.use(GlueClient).send(new GetCrawlerCommand({ Name: bed.name }));
  expect(Crawler?.LastCrawl?.Status).toBe("CANCELLED");
  expect([...(await snapshotCatalog(bed.name, after)).keys()]).toEqual([]);
});

test("a crawl that fails says why and where its log is", async () => {
  const context = createContext();
  const bed = await makeCrawlBed({ "orders/a.csv": "id,total\n1,2.5\n" }, context);
  await context.clients.use(GlueClient).send(new DeleteDatabaseCommand({ Name: bed.name }));

  await expect(runCrawler({ name: bed.name, within }, context)).rejects.toMatchObject({
    reason: "crawler-failed",
    message: expect.stringMatching(new RegExp(`^crawler ${bed.name} failed: .*${bed.name}`)) as string,
    hint: `Its log is in CloudWatch, log group /aws-glue/crawlers, stream ${bed.name}.`,
  });
});

test("a crawler that does not exist is named with the region", async () => {
  await expect(runCrawler({ name: "nobody", within }, createContext())).rejects.toMatchObject({
    reason: "crawler-failed",
    message: "there is no crawler nobody in ap-northeast-1",
  });
});
