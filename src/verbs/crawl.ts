import { listWords } from "../core/index.ts";
import { runCrawl } from "../pipeline/index.ts";
import { guardAccount } from "./guard-account.ts";
import { openPlace } from "./open-place.ts";
import { defineVerb, reportStep } from "./verb.ts";

/** Runs the crawlers of zones. */
export const crawl = defineVerb({
  name: "crawl",
  summary: "run the crawlers of zones and wait for them",
  inputs: {
    zones: {
      kind: "list",
      positional: true,
      description: "The zones; all that have a crawler if none is named.",
    },
    timeout: { kind: "duration", default: "30m", description: "Give up, and say so, after this time." },
  },
  changes: true,
  async run({ environment, inputs }, context) {
    await guardAccount(environment, context);
    const place = await openPlace(environment, context);
    const crawled = [...place.bindings.zones.values()].filter((zone) => zone.crawler !== undefined);
    const zones = inputs.zones ?? crawled.map((zone) => zone.name);
    const result = await runCrawl({ zones, within: inputs.timeout }, place, context);
    return reportStep("crawl", environment, `crawled ${listWords(zones)}`, result);
  },
});
