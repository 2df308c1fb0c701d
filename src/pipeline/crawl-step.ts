import { LakeError, settleAll } from "../core/index.ts";
import { runCrawler, type CrawlResult, type TableChanges } from "../crawler/index.ts";
import { requirePart } from "../lake/index.ts";
import { table } from "../report/index.ts";
import type { RunStep } from "./step.ts";

/** Which crawlers to run. */
export interface CrawlSettings {
  readonly zones: readonly string[];
  /** Crawlers that are no zone's, by their names in AWS. */
  readonly crawlers?: readonly string[] | undefined;
  /** Milliseconds. */
  readonly within: number;
}

/** What the crawls did. */
export interface CrawlData extends Readonly<Record<string, unknown>> {
  /** `zone` is absent for a crawler that is no zone's. */
  readonly crawls: readonly (CrawlResult & { readonly zone: string | undefined })[];
}

/** Runs the crawlers of zones, and others, at the same time and waits for all. */
export const runCrawl: RunStep<CrawlSettings, CrawlData> = async (
  { zones, crawlers = [], within },
  { bindings },
  context,
) => {
  const named = [
    ...zones.map((zone) => ({ zone, name: requirePart(bindings, zone, "crawler") })),
    ...crawlers.map((name) => ({ zone: undefined, name })),
  ];
  const crawls = await settleCrawls(
    named.map(async ({ zone, name }) => ({ zone, ...(await runCrawler({ name, within }, context)) })),
  );
  const rows = crawls.map(({ zone, name, tables }) => [zone ?? "", name, ...countsOf(tables)]);
  const section = table("Crawl", ["zone", "crawler", ">tables added", ">updated", ">deleted"], rows);
  return { sections: [section], findings: [], data: { crawls } };
};

/** Waits for every crawl; where several fail, the error tells each. */
async function settleCrawls<T>(crawls: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(crawls);
  const failures = settled.flatMap((outcome): LakeError[] => {
    const error: unknown = outcome.status === "rejected" ? outcome.reason : undefined;
    return error instanceof LakeError && error.reason !== "cancelled" ? [error] : [];
  });
  const [first] = failures;
  if (first === undefined || failures.length === 1) return settleAll(crawls);
  const mistakes = failures.map(({ message, hint = "" }) => ({ message: `${message}\n${hint}` }));
  throw new LakeError(first.reason, `${failures.length} of ${crawls.length} crawls failed`, { mistakes });
}

function countsOf(tables: TableChanges | undefined): string[] {
  return tables ? [tables.added, tables.updated, tables.deleted].map(String) : ["?", "?", "?"];
}
