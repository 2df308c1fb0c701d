import {
  CloudTrailClient,
  LookupEventsCommand,
  type LookupAttribute,
  type LookupEventsCommandOutput,
} from "@aws-sdk/client-cloudtrail";
import { countOf, toLakeError, type Context } from "../core/index.ts";
import type { RecordSource } from "./record-source.ts";
import type { Needs } from "./rule.ts";

/** What is looked up in CloudTrail's event history: 90 days back at most, of the region of the clients. */
export interface LookupWindow {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /**
   * `changes` are calls that write and those that take a role, which are what most rules need and the least there is to read;
   * `all` are reads as well; an attribute is one filter of LookupEvents.
   */
  readonly what: "changes" | "all" | { readonly attribute: AttributeName; readonly value: string };
  /** Most pages of 50 events that are read; a page takes half a second. Default 200. */
  readonly pages?: number | undefined;
}

/** What LookupEvents can filter by; one attribute a call. */
type AttributeName = NonNullable<LookupAttribute["AttributeKey"]>;

/** LookupEvents answers twice a second in an account and region, and throttles what is more (CloudTrail API reference). */
const pause = 500;
/** Calls that take a role are recorded as reads. */
const takesRole = ["AssumeRole", "AssumeRoleWithWebIdentity", "AssumeRoleWithSAML", "GetFederationToken"];

/**
 * Records of a window from CloudTrail's event history: management events alone, some minutes late, each once or more. Where there are
 * more than `pages` allow, the sight says that the window was cut.
 *
 * @throws LakeError as AWS answers, while the records are read.
 */
export function lookupEvents(window: LookupWindow, context: Context): RecordSource {
  const reading: Reading = { pages: 0, last: -Infinity, cut: undefined };
  return {
    records: readFilters(window, reading, context),
    sight: () => ({
      kinds: kindsOf(window),
      regions: [context.clients.region],
      cut: reading.cut,
    }),
  };
}

interface Reading {
  pages: number;
  /** When the last page was asked for. */
  last: number;
  cut: string | undefined;
}

function kindsOf({ what }: LookupWindow): Needs[] {
  if (what === "all") return ["writes", "reads"];
  return what === "changes" ? ["writes"] : [];
}

function filtersOf({ what }: LookupWindow): (LookupAttribute | undefined)[] {
  if (what === "all") return [undefined];
  if (what !== "changes") return [{ AttributeKey: what.attribute, AttributeValue: what.value }];
  return [
    { AttributeKey: "ReadOnly", AttributeValue: "false" },
    ...takesRole.map((name) => ({ AttributeKey: "EventName" as const, AttributeValue: name })),
  ];
}

async function* readFilters(window: LookupWindow, reading: Reading, context: Context): AsyncGenerator {
  for (const filter of filtersOf(window)) {
    let token: string | undefined;
    do {
      if (reading.pages >= (window.pages ?? 200)) {
        reading.cut = `${countOf(reading.pages, "page")} of events were read, and there are more`;
        return;
      }
      const page = await readPage(window, filter, token, reading, context);
      for (const { CloudTrailEvent: text } of page.Events ?? []) if (text !== undefined) yield parse(text);
      token = page.NextToken;
    } while (token !== undefined);
  }
}

async function readPage(
  window: LookupWindow,
  filter: LookupAttribute | undefined,
  token: string | undefined,
  reading: Reading,
  { clients, clock, signal }: Context,
): Promise<LookupEventsCommandOutput> {
  const wait = reading.last + pause - clock.now();
  if (wait > 0) await clock.sleep(wait, signal);
  reading.last = clock.now();
  reading.pages += 1;
  const command = new LookupEventsCommand({
    StartTime: new Date(window.from),
    EndTime: new Date(window.to),
    MaxResults: 50,
    ...(filter === undefined ? {} : { LookupAttributes: [filter] }),
    ...(token === undefined ? {} : { NextToken: token }),
  });
  try {
    return await clients.use(CloudTrailClient).send(command, { abortSignal: signal });
  } catch (error) {
    throw toLakeError(error, signal);
  }
}

/** The record inside of an event; text that is no JSON is no record, and is counted as such. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
