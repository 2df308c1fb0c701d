import { formatPlace, printable } from "../src/core/index.ts";
import type { Finding, Report, Section, TableSection } from "../src/report/index.ts";
import { paint } from "./styles.ts";

const out = process.stdout;

/** A report as text for a terminal. */
export function renderReport(report: Report): string {
  const parts = [
    ...report.sections.map(renderSection),
    ...(report.findings.length === 0 ? [] : [renderFindings(report.findings)]),
    paint(report.verdict === "failed" ? ["red", "bold"] : "bold", printable(report.headline), out),
  ];
  return `${parts.join("\n\n")}\n`;
}

function renderSection(section: Section): string {
  const heading = section.title === "" ? [] : [paint("bold", printable(section.title), out)];
  switch (section.kind) {
    case "table":
      return [...heading, renderTable(section)].join("\n");
    case "chart":
      return [...heading, ...renderChart(section.points)].join("\n");
    case "text":
      return [...heading, ...section.lines.map((line) => `  ${printable(line)}`)].join("\n");
  }
}

function renderTable({ columns, rows }: TableSection): string {
  const cells = [columns.map((column) => column.name), ...rows].map((row) => row.map(printable));
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  const [head = "", ...body] = cells.map((row) =>
    columns
      .map(({ align }, at) => {
        const cell = row[at] ?? "";
        const width = widths[at] ?? 0;
        return align === "right" ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
  return [paint("gray", `  ${head}`, out), ...body.map((line) => `  ${line}`)].join("\n");
}

const widestBar = 40;
const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

function renderChart(points: readonly { label: string; value: number; text: string }[]): string[] {
  const most = Math.max(...points.map((point) => point.value), 0);
  const labels = Math.max(...points.map((point) => point.label.length), 0);
  return points.map(({ label, value, text }) => {
    const length = most === 0 ? 0 : Math.round((Math.max(value, 0) / most) * widestBar * 8);
    const bar = "█".repeat(Math.floor(length / 8)) + (eighths[length % 8] ?? "");
    return `  ${printable(label).padEnd(labels)}  ${paint("cyan", bar.padEnd(widestBar), out)}  ${printable(text)}`;
  });
}

function renderFindings(findings: readonly Finding[]): string {
  const styles = { error: "red", warning: "yellow", info: "gray" } as const;
  return findings
    .map((finding) => {
      const place = finding.place
        ? `  ${formatPlace({ file: finding.place.file, ...lineOf(finding.place.line) })}`
        : "";
      const head = `${paint(styles[finding.severity], finding.severity, out)} ${printable(finding.subject)}: ${printable(finding.title)}`;
      const fix = finding.fix === undefined ? [] : [`    → ${printable(finding.fix)}`];
      return [`${head}${paint("gray", place, out)}`, `    ${printable(finding.why)}`, ...fix].join("\n");
    })
    .join("\n");
}

const lineOf = (line: number | undefined) => (line === undefined ? {} : { line });
