import { GlueClient, ListCrawlsCommand } from "@aws-sdk/client-glue";
import { z } from "zod";
import { awsCodeOf, type Context } from "../core/index.ts";

/** How many tables a crawl changed. */
export interface TableChanges {
  readonly added: number;
  readonly updated: number;
  readonly deleted: number;
}

const countSchema = z.object({ Count: z.number().int() }).optional();
const changesSchema = z.object({ ADD: countSchema, UPDATE: countSchema, DELETE: countSchema });
const summarySchema = z.object({ TABLE: z.string().optional() });

/**
 * How many tables the crawl that began at `started` changed, from ListCrawls.
 *
 * @returns undefined where AWS keeps no summary, or where the caller may not list crawls: a count is no reason to fail.
 */
export async function readTableChanges(
  name: string,
  started: Date | undefined,
  context: Context,
): Promise<TableChanges | undefined> {
  if (started === undefined) return undefined;
  try {
    const answer = await context.clients
      .use(GlueClient)
      .send(new ListCrawlsCommand({ CrawlerName: name, MaxResults: 20 }), { abortSignal: context.signal });
    const crawl = answer.Crawls?.find((one) => one.StartTime?.getTime() === started.getTime());
    return crawl?.Summary === undefined ? undefined : parseCrawlSummary(crawl.Summary);
  } catch (error) {
    if (awsCodeOf(error) === undefined) throw error;
    return undefined;
  }
}

/**
 * Reads a crawl's Summary, which is JSON with JSON in it: `{"TABLE": "{\"ADD\": {\"Count\": 1}}"}`. Kinds of change
 * that did not happen are left out.
 *
 * @returns undefined where the text is anything else.
 */
export function parseCrawlSummary(text: string): TableChanges | undefined {
  const summary = summarySchema.safeParse(parseJson(text));
  if (!summary.success) return undefined;
  const changes = changesSchema.safeParse(parseJson(summary.data.TABLE ?? "{}"));
  if (!changes.success) return undefined;
  const { ADD: added, UPDATE: updated, DELETE: deleted } = changes.data;
  return { added: added?.Count ?? 0, updated: updated?.Count ?? 0, deleted: deleted?.Count ?? 0 };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
