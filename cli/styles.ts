import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Colours a text for stderr or stdout; NO_COLOR, FORCE_COLOR and pipes are respected. */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stderr): string {
  return styleText(style, text, { stream, validateStream: true });
}

/** The mark before a finished step. */
export const marks = { done: "✓", unchanged: "=", skipped: "-", failed: "✗", cancelled: "✗" } as const;

/** The colour of a finished step's mark. */
export const markStyles = {
  done: "green",
  unchanged: "gray",
  skipped: "gray",
  failed: "red",
  cancelled: "yellow",
} as const satisfies Record<keyof typeof marks, Style>;
