import type { Report } from "./report.ts";
export const renderSummary = (reports: readonly Report[]): string =>
  reports.map((r) => r.headline).join("\n");
export const renderJUnit = (suites: unknown): string => JSON.stringify(suites);
