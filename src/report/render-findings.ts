import { countOf, formatPlace } from "../core/index.ts";
import { splitByFold, tableBlock, wholeBlock, type Block, type Column, type Fold } from "./blocks.ts";
import { escapeAsCode, escapeMarkdown, type Where } from "./escape-markdown.ts";
import type { Failure, Finding } from "./report.ts";
import { clipText } from "./show-text.ts";

/** Lines of a failure's message or hint that are shown; the rest is in the log. */
const mostLines = 12;

/** A failure as an alert, and a list of its mistakes. `name` says whose failure it is; "" where there is only one. */
export function renderFailure(failure: Failure, name: string, fold: Fold): Block[] {
  const whose = name === "" ? "" : `${escapeMarkdown(name, "paragraph", 100)} ended with `;
  const reason = escapeAsCode(failure.reason, "paragraph", 100);
  const place = failure.place ? ` (${placeOf(failure, "paragraph")})` : "";
  const lines = [`${whose}${reason}${place}: ${escapeLines(failure.message)}`];
  if (failure.hint !== undefined) lines.push("", `→ ${escapeLines(failure.hint)}`);
  const text = ["[!CAUTION]", ...lines].map((line) => `> ${line}`.trimEnd()).join("\n");
  const alert = wholeBlock({ title: "", folded: false }, text, "failure");
  return [
    alert,
    ...splitByFold(failure.mistakes.length, fold, (from, to, folded) => {
      const { mistakes } = failure;
      const row = (at: number): string => {
        const mistake = mistakes[from + at];
        const where = mistake?.place ? `${placeOf(mistake, "paragraph")}: ` : "";
        return `- ${where}${escapeMarkdown(mistake?.message ?? "", "paragraph")}`;
      };
      const open = folded
        ? `<details><summary>${from > 0 ? "and " : ""}${countOf(to - from, from > 0 ? "more mistake" : "mistake")}</summary>\n\n`
        : "";
      return { noun: "mistake", open, rows: to - from, row, close: folded ? "\n\n</details>" : "" };
    }),
  ];
}

/** A text of several lines in one line of Markdown; its lines are kept apart by `<br>`. */
function escapeLines(text: string): string {
  const lines = clipText(text, 10_000)
    .split(/[\r\n]+/u)
    .filter((line) => line.trim() !== "");
  const shown = lines.slice(0, mostLines).map((line) => escapeMarkdown(line.trim(), "paragraph"));
  return [...shown, ...(lines.length > mostLines ? ["…"] : [])].join("<br>");
}

const severities = { error: "❌ error", warning: "🟡 warning", info: "ℹ️ info" } as const;
const rank = { error: 0, warning: 1, info: 2 } as const;

/** Findings as tables, worst first; columns that no finding fills are not there. `name` is whose they are. */
export function renderFindings(findings: readonly Finding[], name: string, fold: Fold): Block[] {
  const sorted = [...findings].sort((a, b) => rank[a.severity] - rank[b.severity]);
  const parts = partsOf(findings);
  const title = name === "" ? "Findings" : `Findings of ${clipText(name, 100)}`;
  return splitByFold(sorted.length, fold, (from, to, folded) =>
    tableBlock({
      frame: { title: from === 0 ? title : countOf(to - from, "more finding"), folded },
      noun: "finding",
      columns: parts.map(({ column }) => column),
      rows: to - from,
      cells: (at) => {
        const finding = sorted[from + at];
        return parts.map(({ cell }) => (finding ? cell(finding) : ""));
      },
    }),
  );
}

function partsOf(findings: readonly Finding[]): { column: Column; cell: (finding: Finding) => string }[] {
  const part = (name: string, cell: (finding: Finding) => string) =>
    ({ column: { name, align: "left" }, cell }) as const;
  return [
    part("severity", ({ severity }) => severities[severity]),
    part("subject", ({ subject }) => escapeMarkdown(subject, "cell")),
    part("finding", ({ title }) => escapeMarkdown(title, "cell")),
    part("why", ({ why }) => escapeMarkdown(why, "cell")),
    ...(findings.some(({ fix }) => fix !== undefined)
      ? [part("fix", ({ fix }) => escapeMarkdown(fix ?? "", "cell"))]
      : []),
    ...(findings.some(({ place }) => place) ? [part("where", (finding) => placeOf(finding, "cell"))] : []),
  ];
}

function placeOf({ place }: Pick<Finding, "place">, where: Where): string {
  if (!place) return "";
  const { file, line } = place;
  return escapeAsCode(formatPlace(line === undefined ? { file } : { file, line }), where, 300);
}
