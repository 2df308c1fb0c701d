import { settleAll } from "../core/index.ts";
import { runCrawler, type TableChanges } from "../crawler/index.ts";
import { requirePart } from "../lake/index.ts";
import { table } from "../report/index.ts";
import type { RunStep } from "./step.ts";

/** Runs the crawlers of zones at the same time and waits for all. */
export const runCrawl: RunStep<{ readonly zones: readonly string[]; readonly within: number }> = async (
  { zones, within },
  { bindings },
  context,
) => {
  const named = zones.map((zone) => ({ zone, name: requirePart(bindings, zone, "crawler") }));
  const crawls = await settleAll(
    named.map(async ({ zone, name }) => ({ zone, ...(await runCrawler({ name, within }, context)) })),
  );
  const rows = crawls.map(({ zone, name, tables }) => [zone, name, ...countsOf(tables)]);
  const section = table("Crawl", ["zone", "crawler", ">tables added", ">updated", ">deleted"], rows);
  return { sections: [section], findings: [], data: { crawls } };
};

function countsOf(tables: TableChanges | undefined): string[] {
  return tables ? [tables.added, tables.updated, tables.deleted].map(String) : ["?", "?", "?"];
}
