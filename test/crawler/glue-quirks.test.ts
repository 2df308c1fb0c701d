import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createClients, silentHost, systemClock, type Context } from "../../src/core/index.ts";
import { runCrawler } from "../../src/crawler/index.ts";

/** An answer of Glue: a body, or an error's code. */
type Answer = Readonly<Record<string, unknown>> | string;

const crawl = (start: number) => ({ Status: "SUCCEEDED", StartTime: start });
const crawler = (State: string, start: number) => ({
  Crawler: { Name: "c", State, LastCrawl: crawl(start) },
});

/**
 * A Glue that answers each operation from its list, the last answer again and again: for what Glue does now and then
 * and the local lake never. `calls` are the operations it was asked for.
 */
async function answerGlue(answers: Readonly<Record<string, readonly Answer[]>>) {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    const operation = String(request.headers["x-amz-target"]).replace("AWSGlue.", "");
    const list = answers[operation] ?? ["AccessDeniedException"];
    const answer = list[Math.min(calls.filter((call) => call === operation).length, list.length - 1)] ?? "";
    calls.push(operation);
    response.writeHead(typeof answer === "string" ? 400 : 200, {
      "content-type": "application/x-amz-json-1.1",
    });
    response.end(JSON.stringify(typeof answer === "string" ? { __type: answer, message: answer } : answer));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  const clients = createClients({ region: "us-east-1", endpoint, credentials }, silentHost);
  onTestFinished(() => {
    clients.close();
    server.close();
  });
  const { signal } = new AbortController();
  const context: Context = { clients, host: silentHost, signal, clock: systemClock, step: undefined };
  return { calls, context };
}

test("a crawler that still seems ready after its start is waited for", async () => {
  const { calls, context } = await answerGlue({
    GetCrawler: [crawler("READY", 1), crawler("READY", 1), crawler("RUNNING", 1), crawler("READY", 2)],
    StartCrawler: [{}],
  });

  expect(await runCrawler({ name: "c", within: 10_000 }, context)).toMatchObject({ joined: false });
  expect(calls.filter((call) => call === "GetCrawler")).toHaveLength(4);
});

test("a crawl that is about to end is not joined: it may have read before the newest files were there", async () => {
  const { calls, context } = await answerGlue({
    GetCrawler: [crawler("STOPPING", 1), crawler("STOPPING", 1), crawler("READY", 3)],
    StartCrawler: ["CrawlerRunningException", {}],
  });

  expect(await runCrawler({ name: "c", within: 10_000 }, context)).toMatchObject({ joined: false });
  expect(calls.filter((call) => call === "StartCrawler")).toHaveLength(2);
});

test("counts that may not be read are unknown, and no failure", async () => {
  const { context } = await answerGlue({
    GetCrawler: [crawler("READY", 1), crawler("READY", 2)],
    StartCrawler: [{}],
    ListCrawls: ["AccessDeniedException"],
  });

  expect(await runCrawler({ name: "c", within: 10_000 }, context)).toMatchObject({ tables: undefined });
});

test("a crawl that somebody else stops is a failure that says so", async () => {
  const stopped = {
    Crawler: { Name: "c", State: "READY", LastCrawl: { Status: "CANCELLED", StartTime: 2 } },
  };
  const { context } = await answerGlue({ GetCrawler: [crawler("READY", 1), stopped], StartCrawler: [{}] });

  await expect(runCrawler({ name: "c", within: 10_000 }, context)).rejects.toMatchObject({
    reason: "crawler-failed",
    message: "crawler c was stopped by somebody else",
  });
});
