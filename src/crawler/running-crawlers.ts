import { BatchGetCrawlersCommand, GlueClient } from "@aws-sdk/client-glue";
import type { Context } from "../core/index.ts";

/** A crawler that is at work. */
export interface RunningCrawler {
  readonly name: string;
  readonly state: "RUNNING" | "STOPPING";
}

/** Those of the named crawlers that are at work now; names that do not exist are passed over. */
export async function listRunningCrawlers(
  names: readonly string[],
  context: Context,
): Promise<RunningCrawler[]> {
  if (names.length === 0) return [];
  const answer = await context.clients
    .use(GlueClient)
    .send(new BatchGetCrawlersCommand({ CrawlerNames: [...names] }), { abortSignal: context.signal });
  return (answer.Crawlers ?? []).flatMap(({ Name: name = "", State: state }) =>
    state === "RUNNING" || state === "STOPPING" ? [{ name, state }] : [],
  );
}
