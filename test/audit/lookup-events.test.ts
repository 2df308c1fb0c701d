import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { auditRecords, lookupEvents, type LookupWindow } from "../../src/audit/index.ts";
import { createClients, type Context } from "../../src/core/index.ts";
import { call } from "./records.ts";

/** A request to LookupEvents, and the time on the clock when it came. */
interface Asked {
  readonly at: number;
  readonly body: {
    LookupAttributes?: { AttributeKey: string; AttributeValue: string }[];
    NextToken?: string;
    MaxResults?: number;
    StartTime?: number;
    EndTime?: number;
  };
}

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

/** A CloudTrail with `pages` pages of one event for every filter, and a clock that only moves when somebody sleeps. */
async function makeTrail(pages: number): Promise<{ context: Context; asked: Asked[] }> {
  const asked: Asked[] = [];
  let now = 0;
  const started = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Asked["body"];
      asked.push({ at: now, body });
      const page = Number(body.NextToken ?? "1");
      const name = body.LookupAttributes?.[0]?.AttributeValue ?? "all";
      const record = { ...call("s3:DeleteBucketPolicy", { bucketName: name }), eventID: `${name}-${page}` };
      response.setHeader("content-type", "application/x-amz-json-1.1");
      response.end(
        JSON.stringify({
          Events: [
            { EventId: "x", CloudTrailEvent: JSON.stringify(record) },
            { EventId: "y", CloudTrailEvent: "{" },
          ],
          ...(page < pages ? { NextToken: String(page + 1) } : {}),
        }),
      );
    });
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  const { port } = started.address() as AddressInfo;
  const host = { emit: () => undefined, mask: () => undefined, confirm: () => Promise.resolve(false) };
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  const clients = createClients(
    { region: "eu-west-1", endpoint: `http://127.0.0.1:${port}`, credentials },
    host,
  );
  const clock = {
    now: () => now,
    sleep: (milliseconds: number) => {
      now += milliseconds;
      return Promise.resolve();
    },
  };
  return { context: { clients, host, signal: new AbortController().signal, clock, step: undefined }, asked };
}

const window: LookupWindow = { from: 1_000_000, to: 2_000_000, what: "changes" };

test("changes are looked up by all filters that can hold some, page by page, twice a second", async () => {
  const { context, asked } = await makeTrail(2);
  const result = await auditRecords(lookupEvents(window, context), {}, { now: 0 });
  expect(asked.map(({ body }) => [body.LookupAttributes?.[0]?.AttributeValue, body.NextToken])).toEqual(
    ["false", "AssumeRole", "AssumeRoleWithWebIdentity", "AssumeRoleWithSAML", "GetFederationToken"].flatMap(
      (name) => [
        [name, undefined],
        [name, "2"],
      ],
    ),
  );
  expect(asked[0]?.body).toMatchObject({ MaxResults: 50, StartTime: 1000, EndTime: 2000 });
  expect(asked.map(({ at }) => at)).toEqual(asked.map((_, index) => index * 500));
  expect(result.window).toMatchObject({ records: 10, unreadable: 10, cut: undefined });
  const outcome = (rule: string) => result.outcomes.find((each) => each.rule === rule)?.outcome;
  expect(outcome("s3-policy-removed")).toBe("hit");
  expect(outcome("s3-policy-public")).toBe("clean");
  expect(outcome("s3-mass-delete")).toBe("not visible");
  expect(outcome("root-used")).toBe("not visible");
  expect(outcome("iam-access-key")).toBe("not visible");
});

test("a window with more pages than are read says so, and no rule is clean", async () => {
  const { context, asked } = await makeTrail(9);
  const result = await auditRecords(
    lookupEvents({ ...window, what: "all", pages: 3 }, context),
    {},
    { now: 0 },
  );
  expect(asked.map(({ body }) => body.LookupAttributes)).toEqual([undefined, undefined, undefined]);
  expect(result.window.cut).toBe("3 pages of events were read, and there are more");
  expect(result.outcomes.some(({ outcome }) => outcome === "clean")).toBe(false);
});

test("a last page that fills the allowance is no cut", async () => {
  const { context } = await makeTrail(3);
  const result = await auditRecords(
    lookupEvents({ ...window, what: "all", pages: 3 }, context),
    {},
    { now: 0 },
  );
  expect(result.window.cut).toBeUndefined();
});

test("one attribute is looked up as it is given", async () => {
  const { context, asked } = await makeTrail(1);
  const what = { attribute: "Username", value: "run-7" } as const;
  await auditRecords(lookupEvents({ ...window, what }, context), {}, { now: 0 });
  expect(asked.map(({ body }) => body.LookupAttributes)).toEqual([
    [{ AttributeKey: "Username", AttributeValue: "run-7" }],
  ]);
});
