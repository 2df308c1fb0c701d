import { countOf, formatDuration, listWords } from "../core/index.ts";
import { createFold, nouns, splitByFold, tableBlock, wholeBlock, type Block, type Fold } from "./blocks.ts";
import { escapeMarkdown } from "./escape-markdown.ts";
import { budgetAfter, fitBlocks, gap, type Budget, type LeftOut } from "./fit-blocks.ts";
import { renderFailure, renderFindings } from "./render-findings.ts";
import { renderFooter } from "./render-footer.ts";
import { mostSteps, renderTimeline } from "./render-mermaid.ts";
import { renderSection } from "./render-sections.ts";
import { longestHeadline, markOf, renderVerdict, sortByVerdict } from "./render-verdict.ts";
import type { Report } from "./report.ts";
import { clipText } from "./show-text.ts";

/** How a page is rendered. */
export interface MarkdownOptions {
  /** The most that the page may be; at least {@link smallestBudget}. */
  readonly budget?: Budget;
  /** Where all of it is, when some was left out: "the run's summary", "the file report.json". */
  readonly fullReport?: string;
  /** The GitHub server that links may lead to; default `https://github.com`. */
  readonly server?: string;
}

/**
 * GitHub takes a comment of 65,536 characters, which it keeps in 262,144 bytes; the rest is room for the line that marks
 * the comment as ours.
 */
const commentBudget: Budget = { characters: 60_000, bytes: 240_000 };

/** GitHub takes a job summary of 1 MiB a step. */
const summaryBudget: Budget = { characters: 1_000_000, bytes: 1_000_000 };

/** What the verdict, the footer and the note of what was left out need at most. */
const smallestBudget: Budget = { characters: 4000, bytes: 12_000 };

/** Reports as the Markdown of a job summary; the default budget is {@link summaryBudget}. See {@link renderComment}. */
export function renderSummary(reports: readonly Report[], options: MarkdownOptions = {}): string {
  return renderPage(reports, { ...options, budget: options.budget ?? summaryBudget }).body;
}

/**
 * Reports as the Markdown of a comment: the verdict, why verbs failed, findings, sections, how long steps took, the
 * footer. The worst comes first. All texts of the reports are shown as text, whatever is in them; one longer than 1,000
 * characters is cut with "…". `cut` says whether rows or sections were left out to keep the budget, by default
 * {@link commentBudget}; the page then tells how many. Throws RangeError on a budget under {@link smallestBudget}.
 */
export function renderComment(
  reports: readonly Report[],
  options: MarkdownOptions,
): { readonly body: string; readonly cut: boolean } {
  return renderPage(reports, { ...options, budget: options.budget ?? commentBudget });
}

function renderPage(
  reports: readonly Report[],
  options: MarkdownOptions & { readonly budget: Budget },
): { body: string; cut: boolean } {
  const { budget, fullReport } = options;
  if (budget.characters < smallestBudget.characters || budget.bytes < smallestBudget.bytes) {
    throw new RangeError(
      `a budget of ${budget.characters} characters and ${budget.bytes} bytes is too small for a page: ` +
        `give at least ${smallestBudget.characters} and ${smallestBudget.bytes}`,
    );
  }
  const sorted = sortByVerdict(reports);
  const heading = renderVerdict(sorted);
  const footer = renderFooter(sorted, options.server ?? "https://github.com");
  const blocks = renderBlocks(sorted);
  const fixed = [heading, renderLeftOut(everything, fullReport), footer].join(gap);
  const { texts, leftOut } = fitBlocks(blocks, budgetAfter(budget, `${fixed}\n`));
  const parts = [heading, ...texts, renderLeftOut(leftOut, fullReport), footer];
  return { body: `${parts.filter((part) => part !== "").join(gap)}\n`, cut: leftOut.size > 0 };
}

/** The longest note of what was left out, to keep room for it. */
const everything: LeftOut = new Map(nouns.map((noun) => [noun, Number.MAX_SAFE_INTEGER]));

function renderLeftOut(leftOut: LeftOut, fullReport: string | undefined): string {
  if (leftOut.size === 0) return "";
  const counts = [...leftOut].map(([noun, count]) => countOf(count, noun));
  const where =
    fullReport === undefined ? "" : ` All of it is in ${escapeMarkdown(fullReport, "paragraph", 200)}.`;
  return `✂️ Left out for length: ${listWords(counts)}.${where}`;
}

function renderBlocks(reports: readonly Report[]): Block[] {
  const fold = createFold();
  const names = nameReports(reports);
  const each = (render: (report: Report, name: string) => Block[]) =>
    reports.flatMap((report, at) => render(report, names[at] ?? ""));
  return [
    ...(reports.length > 1 ? renderReports(reports, names, fold) : []),
    ...each(({ failure }, name) => (failure ? renderFailure(failure, name, fold) : [])),
    ...each(({ findings }, name) => renderFindings(findings, name, fold)),
    ...each(({ sections }, name) => sections.map((section) => renderSection(section, name, fold))),
    ...each(({ timings }, name) => (timings.length > 0 ? [renderTimings(timings, name, fold)] : [])),
  ];
}

/** What reports are called beside each other: the verb, with the job where the verb alone would not tell. "" when alone. */
function nameReports(reports: readonly Report[]): string[] {
  if (reports.length === 1) return [""];
  const byVerb = Map.groupBy(reports, ({ verb }) => verb);
  return reports.map(({ verb, run }) => {
    const isShared = (byVerb.get(verb)?.length ?? 0) > 1;
    return clipText(isShared && run ? `${verb} (${run.job})` : verb, 100);
  });
}

function renderReports(reports: readonly Report[], names: readonly string[], fold: Fold): Block[] {
  return splitByFold(reports.length, fold, (from, to, folded) =>
    tableBlock({
      frame: { title: folded ? countOf(to - from, from > 0 ? "more report" : "report") : "", folded },
      noun: "report",
      columns: [
        { name: "verb", align: "left" },
        { name: "verdict", align: "left" },
        { name: "headline", align: "left" },
        { name: "took", align: "right" },
      ],
      rows: to - from,
      cells: (at) => {
        const report = reports[from + at];
        if (!report) return [];
        const { verdict, headline, milliseconds } = report;
        return [
          escapeMarkdown(names[from + at] ?? "", "cell"),
          `${markOf(report)} ${verdict}`,
          escapeMarkdown(headline, "cell", longestHeadline),
          milliseconds === undefined ? "" : formatDuration(milliseconds),
        ];
      },
    }),
  );
}

function renderTimings(timings: Report["timings"], name: string, fold: Fold): Block {
  const title = name === "" ? "What took how long" : `What took how long: ${name}`;
  const shown = Math.min(timings.length, mostSteps);
  const note =
    timings.length > mostSteps ? `\n\nThe ${mostSteps} longest of ${countOf(timings.length, "step")}.` : "";
  return wholeBlock({ title, folded: !fold.all(shown) }, `${renderTimeline(timings)}${note}`, "timeline");
}
