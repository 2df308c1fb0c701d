import { escapeMarkdown } from "./escape-markdown.ts";
import { clipText } from "./show-text.ts";

/** What can be left out of a page. */
export const nouns = [
  "report",
  "failure",
  "mistake",
  "finding",
  "section",
  "row",
  "bar",
  "line",
  "timeline",
] as const;
/** See {@link nouns}. */
export type Noun = (typeof nouns)[number];

/** A part of a page that is shown whole, cut after one of its rows, or left out. */
export interface Block {
  /** What a row is called when rows are left out. */
  readonly noun: Noun;
  /** What the block is called when all of it is left out; without it, its rows are counted. */
  readonly whole?: Noun;
  /** Text before the first row; with no rows, the whole block. */
  readonly open: string;
  readonly rows: number;
  /** Markdown of a row, without a line's end. Asked for only as long as there is room. */
  readonly row: (at: number) => string;
  /** Text after the last row. */
  readonly close: string;
}

/** A title above a block, or a fold around it that shows the title. Titles are untrusted. */
export interface Frame {
  readonly title: string;
  readonly folded: boolean;
}

/** The text before and after a block that stands in a frame. */
export function openFrame({ title, folded }: Frame): { readonly before: string; readonly after: string } {
  const clipped = clipText(title, 200);
  // The blank lines make GitHub read Markdown inside the fold.
  if (folded) {
    return {
      before: `<details><summary>${escapeMarkdown(clipped, "html")}</summary>\n\n`,
      after: "\n\n</details>",
    };
  }
  return { before: clipped === "" ? "" : `#### ${escapeMarkdown(clipped, "paragraph")}\n\n`, after: "" };
}

/** A block without rows. */
export function wholeBlock(frame: Frame, text: string, whole: Noun): Block {
  const { before, after } = openFrame(frame);
  return { noun: "row", whole, open: `${before}${text}${after}`, rows: 0, row: () => "", close: "" };
}

/** A column of a table; its name is Markdown already. */
export interface Column {
  readonly name: string;
  readonly align: "left" | "right";
}

/** A table; `cells(at)` are the cells of a row as Markdown that is safe in a cell, one for each column. */
export function tableBlock(spec: {
  readonly frame: Frame;
  readonly noun: Noun;
  readonly whole?: Noun;
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly cells: (at: number) => readonly string[];
}): Block {
  const { before, after } = openFrame(spec.frame);
  const head = toRow(spec.columns.map((column) => column.name));
  const rule = toRow(spec.columns.map(({ align }) => (align === "right" ? "---:" : "---")));
  return {
    noun: spec.noun,
    ...(spec.whole ? { whole: spec.whole } : {}),
    open: `${before}${head}\n${rule}\n`,
    rows: spec.rows,
    row: (at) => toRow(spec.cells(at)),
    close: after,
  };
}

const toRow = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** Hands out the rows that a page shows before it folds. */
export interface Fold {
  /** How many of the rows may be seen at once. */
  readonly some: (rows: number) => number;
  /** Whether all of the rows may be seen at once; if not, none is taken. */
  readonly all: (rows: number) => boolean;
}

/** A fold for one page. */
export function createFold(visible = 10): Fold {
  let left = visible;
  const some = (rows: number): number => {
    const given = Math.min(rows, left);
    left -= given;
    return given;
  };
  return { some, all: (rows) => rows <= left && some(rows) === rows };
}

/** A list of rows as two blocks: those that may be seen at once, and the rest in a fold of its own. */
export function splitByFold(
  rows: number,
  fold: Fold,
  make: (from: number, to: number, folded: boolean) => Block,
): Block[] {
  const visible = fold.some(rows);
  return [
    ...(visible > 0 ? [make(0, visible, false)] : []),
    ...(visible < rows ? [make(visible, rows, true)] : []),
  ];
}
