import { countOf } from "../core/index.ts";
import { escapeMarkdown } from "./escape-markdown.ts";
import type { Report } from "./report.ts";

/** How long a headline may be, in UTF-16 units. */
export const longestHeadline = 300;

/** How bad a report is: 2 failed, 1 a good end with errors or warnings found, 0 good. */
function badnessOf({ verdict, findings }: Report): 0 | 1 | 2 {
  if (verdict === "failed") return 2;
  return findings.some(({ severity }) => severity !== "info") ? 1 : 0;
}

/** Reports with the worst first; equally bad ones stay in their order. */
export function sortByVerdict(reports: readonly Report[]): Report[] {
  return [...reports].sort((a, b) => badnessOf(b) - badnessOf(a));
}

/** ❌ failed, 🟡 good with errors or warnings found, ✅ good. */
export function markOf(report: Report): string {
  return ["✅", "🟡", "❌"][badnessOf(report)] ?? "";
}

/** The page's first line: the worst verdict, what it was, in which environment. The reports are sorted. */
export function renderVerdict(reports: readonly Report[]): string {
  const [worst] = reports;
  if (!worst) return "### 🟡 nothing was reported";
  const named = new Set(
    reports.flatMap(({ environment }) => (environment === undefined ? [] : [environment])),
  );
  const where = [...named]
    .slice(0, 3)
    .map((environment) => ` · ${escapeMarkdown(environment, "paragraph", 60)}`);
  return `### ${markOf(worst)} ${tellVerdict(worst, reports)}${where.join("")}`;
}

function tellVerdict(worst: Report, reports: readonly Report[]): string {
  if (reports.length === 1) {
    const verb = escapeMarkdown(worst.verb, "paragraph", 60);
    return `${verb}: ${escapeMarkdown(worst.headline, "paragraph", longestHeadline)}`;
  }
  const failed = reports.filter((report) => badnessOf(report) === 2).length;
  if (failed > 0) return `${failed} of ${countOf(reports.length, "report")} failed`;
  const found = reports.filter((report) => badnessOf(report) === 1).length;
  return `${countOf(reports.length, "report")}, none failed${found > 0 ? `, ${found} with findings` : ""}`;
}
