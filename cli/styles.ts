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

/**
 * Text from AWS or data, made safe for a terminal: control characters, which could move the cursor or change colours,
 * are shown as their escapes.
 */
export function safeText(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
