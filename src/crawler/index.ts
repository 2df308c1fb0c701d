export type { TableChanges } from "./crawl-summary.ts";
export * from "./diff-catalog.ts";
export * from "./run-crawler.ts";
export * from "./running-crawlers.ts";
export * from "./snapshot-catalog.ts";
export { stopCrawler } from "./stop-crawler.ts";
