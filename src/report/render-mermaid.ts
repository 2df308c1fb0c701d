import { formatDuration } from "../core/index.ts";
import type { Section, Timing } from "./report.ts";
import { clipText, showText } from "./show-text.ts";

type Points = Extract<Section, { kind: "chart" }>["points"];

/** A label that Mermaid reads as nothing but text: it has no quote, ":", ";", "#", braces or comment (%%). */
const plainLabel = /^(?!.*%%)[\p{L}\p{N}€£][\p{L}\p{N} _.,()/+=%€£-]*$/u;

/** More bars than this cannot be told apart in the height of a chart. */
const mostBars = 20;

/**
 * A bar chart, or undefined where Mermaid could not show the points as they are: a label that it might read as more than
 * text, two bars of one name, a value that is negative or too large to be written out, too many bars, or no bar at all.
 */
export function renderBarChart(points: Points): string | undefined {
  const labels = points.map(({ label, text }) => (text === "" ? label : `${label} (${text})`));
  const suits =
    points.length > 0 &&
    points.length <= mostBars &&
    new Set(labels).size === labels.length &&
    labels.every((label) => label.length <= 60 && plainLabel.test(label)) &&
    points.every(({ value }) => value >= 0 && value < 1e15) &&
    points.some(({ value }) => value >= 0.001);
  if (!suits) return undefined;
  const values = points.map(({ value }) => Number(value.toFixed(3)));
  return toDiagram([
    "xychart-beta horizontal",
    `  x-axis [${labels.map((label) => `"${label}"`).join(", ")}]`,
    // Without it, Mermaid's axis begins at the smallest value, whose bar then has no length.
    `  y-axis 0 --> ${Math.max(...values)}`,
    `  bar [${values.join(", ")}]`,
  ]);
}

/** How a step's bar is coloured, and what stands before its name: grey is what needed no work, red what went wrong. */
const looks = {
  done: { tag: "active", mark: "✓" },
  unchanged: { tag: "done", mark: "=" },
  skipped: { tag: "done", mark: "–" },
  failed: { tag: "crit", mark: "✗" },
  cancelled: { tag: "crit", mark: "⊘" },
} as const;

/** Bars of a timeline; with names of 60 characters they stay far below the 50,000 characters that Mermaid reads. */
export const mostSteps = 50;

/**
 * A Gantt chart of the steps, the longest {@link mostSteps} of them, in the order they are given; steps of a group stand
 * together. The axis counts from the first step's start.
 */
export function renderTimeline(timings: readonly Timing[]): string {
  const longest = new Set([...timings].sort((a, b) => b.milliseconds - a.milliseconds).slice(0, mostSteps));
  const shown = timings.filter((timing) => longest.has(timing));
  const origin = Math.min(...shown.map(({ start }) => start));
  const end = Math.max(...shown.map(({ start, milliseconds }) => clampTime(start - origin + milliseconds)));
  const groups = Map.groupBy(shown, ({ group }) => group);
  const lines = [...groups].flatMap(([group, steps]) => [
    `  section ${toLabel(group)}`,
    ...steps.map((step) => toTask(step, origin)),
  ]);
  const axis = end < 60_000 ? "%S.%L" : end < 3_600_000 ? "%M:%S" : "%H:%M:%S";
  return toDiagram(["gantt", "  dateFormat YYYY-MM-DD HH:mm:ss.SSS", `  axisFormat ${axis}`, ...lines]);
}

function toTask({ name, start, milliseconds, outcome }: Timing, origin: number): string {
  const { tag, mark } = looks[outcome];
  // A day far from any change of clocks: the browser reads and writes it in its own zone, and the two cancel out.
  const at = new Date(Date.UTC(2001, 0, 1) + clampTime(start - origin)).toISOString();
  const length = Math.max(1, clampTime(milliseconds));
  // The mark comes first because a line that begins with a word such as "click" or "section" would be a command.
  const label = `${mark} ${toLabel(name)} (${formatDuration(milliseconds)})`;
  return `    ${label} :${tag}, ${at.slice(0, 10)} ${at.slice(11, 23)}, ${length}ms`;
}

/** A year in milliseconds; no run is longer, whatever a report says. */
const longestTime = 365 * 24 * 3_600_000;

const clampTime = (milliseconds: number): number =>
  Math.round(Math.min(Math.max(milliseconds, 0), longestTime));

/** A name with everything gone that Mermaid could read as more than text. */
function toLabel(name: string): string {
  const label = showText(name, 200)
    .replaceAll(":", "∶")
    .replace(/[^\p{L}\p{N} _.,()/+=∶-]+/gu, " ")
    .replace(/ +/g, " ")
    .trim();
  return label === "" ? "step" : clipText(label, 60);
}

const toDiagram = (lines: readonly string[]): string => ["```mermaid", ...lines, "```"].join("\n");
