import { GlueClient, StopCrawlerCommand } from "@aws-sdk/client-glue";
import { awsCodeOf, messageOf, note, type Context } from "../core/index.ts";

/**
 * Stops a crawl that we started, in at most five seconds and also after the run's own signal has aborted. Never
 * throws: it runs while another error is on its way to the user.
 */
export async function stopCrawler(name: string, context: Context): Promise<void> {
  try {
    await context.clients
      .use(GlueClient)
      .send(new StopCrawlerCommand({ Name: name }), { abortSignal: AbortSignal.timeout(5000) });
    note(context, "info", `crawler ${name} was told to stop`);
  } catch (error) {
    const ended = ["CrawlerNotRunningException", "CrawlerStoppingException"];
    if (ended.includes(awsCodeOf(error) ?? "")) return;
    note(context, "warning", `crawler ${name} could not be stopped and may go on: ${messageOf(error)}`);
  }
}
