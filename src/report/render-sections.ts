import { countOf } from "../core/index.ts";
import { openFrame, tableBlock, wholeBlock, type Block, type Fold, type Frame } from "./blocks.ts";
import { escapeMarkdown } from "./escape-markdown.ts";
import { renderBarChart } from "./render-mermaid.ts";
import type { Section, TableSection } from "./report.ts";
import { clipText, showText } from "./show-text.ts";

type ChartSection = Extract<Section, { kind: "chart" }>;
type TextSection = Extract<Section, { kind: "text" }>;

/** A section as a block. `prefix` goes before its title; a section with more rows than `fold` gives away is folded. */
export function renderSection(section: Section, prefix: string, fold: Fold): Block {
  const rows = sizeOfSection(section);
  // A list right after another one would be read as its end, so that lines of text never go without a title.
  const own = section.title === "" && section.kind === "text" ? "Notes" : section.title;
  const title = [prefix, own].filter((part) => part !== "").join(": ");
  const folded = !fold.all(rows);
  const frame = { title: folded ? tellSize(title, rows, section) : title, folded };
  switch (section.kind) {
    case "table":
      return renderTable(section, frame);
    case "chart":
      return renderChart(section, frame);
    case "text":
      return renderText(section, frame);
  }
}

function sizeOfSection(section: Section): number {
  if (section.kind === "table") return section.rows.length;
  return section.kind === "chart" ? section.points.length : section.lines.length;
}

function tellSize(title: string, rows: number, { kind }: Section): string {
  const size = countOf(rows, { table: "row", chart: "bar", text: "line" }[kind]);
  return title === "" ? size : `${clipText(title, 100)} · ${size}`;
}

function renderTable({ columns, rows }: TableSection, frame: Frame): Block {
  // A row may be longer than the head: its last cells are not lost.
  const width = rows.reduce((most, row) => Math.max(most, row.length), columns.length);
  if (rows.length === 0 || width === 0) return wholeBlock(frame, "none", "section");
  return tableBlock({
    frame,
    noun: "row",
    whole: "section",
    columns: Array.from({ length: width }, (_, at) => ({
      name: escapeMarkdown(columns[at]?.name ?? "", "cell"),
      align: columns[at]?.align ?? "left",
    })),
    rows: rows.length,
    cells: (at) =>
      Array.from({ length: width }, (_, column) => escapeMarkdown(rows[at]?.[column] ?? "", "cell")),
  });
}

const widestBar = 20;

function renderChart({ points }: ChartSection, frame: Frame): Block {
  const chart = renderBarChart(points);
  if (chart !== undefined) return wholeBlock(frame, chart, "section");
  if (points.length === 0) return wholeBlock(frame, "none", "section");
  const most = points.reduce((greatest, { value }) => Math.max(greatest, value), 0);
  return tableBlock({
    frame,
    noun: "bar",
    whole: "section",
    columns: [
      { name: "", align: "left" },
      { name: "", align: "right" },
      { name: "", align: "left" },
    ],
    rows: points.length,
    cells: (at) => {
      const { label = "", value = 0, text = "" } = points[at] ?? {};
      const length = most === 0 ? 0 : Math.round((Math.max(value, 0) / most) * widestBar);
      return [
        escapeMarkdown(label, "cell"),
        escapeMarkdown(text === "" ? String(value) : text, "cell"),
        "█".repeat(length),
      ];
    },
  });
}

function renderText({ lines }: TextSection, frame: Frame): Block {
  if (lines.length === 0) return wholeBlock(frame, "none", "section");
  const { before, after } = openFrame(frame);
  const shared = { noun: "line", whole: "section", rows: lines.length } as const;
  if (!lines.some(hasLayout)) {
    const row = (at: number) => `- ${escapeMarkdown(lines[at] ?? "", "paragraph")}`;
    return { ...shared, open: before, row, close: after };
  }
  const fence = "`".repeat(lines.reduce((most, line) => Math.max(most, longestTicks(line)), 2) + 1);
  // The parser takes the fence's one space from each line again; without it, a line of data would begin a line of the
  // page, where bots look for commands such as /deploy.
  const row = (at: number) => ` ${showLine(lines[at] ?? "")}`;
  return { ...shared, open: `${before} ${fence}text\n`, row, close: `\n ${fence}${after}` };
}

/** Whether a line's spaces mean something: it is empty, indented or has columns, as in a log or a stack trace. */
const hasLayout = (line: string): boolean => line === "" || /^\s|\s\s/u.test(line);

const longestLine = 2000;

/** A line for a code block; "::" at its start gets a space, because a runner that prints it obeys `::error::`. */
const showLine = (line: string): string => showText(line, longestLine).replace(/^(\s*):(?=:)/u, "$1: ");

const longestTicks = (line: string): number =>
  Math.max(0, ...Array.from(clipText(line, longestLine).matchAll(/`+/g), ([run]) => run.length));
