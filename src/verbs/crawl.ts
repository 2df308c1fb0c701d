import { LakeError, listWords } from "../core/index.ts";
import { runCrawl, type CrawlData } from "../pipeline/index.ts";
import { guardAccount } from "./guard-account.ts";
import { openPlace } from "./open-place.ts";
import { defineVerb, reportStep } from "./verb.ts";

/** Runs the crawlers of zones, or crawlers by their names. */
export const crawl = defineVerb({
  name: "crawl",
  summary: "run the crawlers of zones and wait for them",
  inputs: {
    zones: {
      kind: "list",
      positional: true,
      description: "The zones; all that have a crawler if neither zones nor crawlers are named.",
    },
    crawler: { kind: "list", description: "Crawlers by their names in AWS; a lake file is not needed." },
    timeout: { kind: "duration", default: "30m", description: "Give up, and say so, after this time." },
  },
  outputs: {
    "tables-added":
      "How many tables the crawls added; this and the next two are empty where AWS keeps no summary.",
    "tables-updated": "How many tables they updated.",
    "tables-deleted": "How many tables they deleted.",
  },
  changes: true,
  lakeless: true,
  async run({ environment, inputs }, context) {
    await guardAccount(environment, context);
    const place = await openPlace(environment, context);
    const crawled = [...place.bindings.zones.values()].filter((zone) => zone.crawler !== undefined);
    const { crawler: crawlers, timeout: within } = inputs;
    const zones = inputs.zones ?? (crawlers ? [] : crawled.map((zone) => zone.name));
    if (zones.length === 0 && crawlers === undefined) throw nothingToCrawl();
    const result = await runCrawl({ zones, crawlers, within }, place, context);
    const headline = `crawled ${listWords([...zones, ...(crawlers ?? [])])}`;
    return { ...reportStep("crawl", environment, headline, result), outputs: sumTables(result.data) };
  },
});

function nothingToCrawl(): LakeError {
  return new LakeError("layer-not-deployed", "no zone has a crawler yet", {
    hint: "Deploy the layer that makes them, or name a crawler by the input `crawler`.",
  });
}

function sumTables({ crawls }: CrawlData) {
  const known = crawls.flatMap(({ tables }) => tables ?? []);
  const sum = (kind: "added" | "updated" | "deleted") =>
    known.length < crawls.length ? "" : String(known.reduce((total, tables) => total + tables[kind], 0));
  return { "tables-added": sum("added"), "tables-updated": sum("updated"), "tables-deleted": sum("deleted") };
}
