import { stripVTControlCharacters } from "node:util";

/** The first `limit` UTF-16 units of a text, never half a surrogate pair; "…" stands for what is gone. */
export function clipText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const clipped = text.slice(0, limit - 1);
  const last = clipped.charCodeAt(clipped.length - 1);
  const isHalfOfPair = last >= 0xd800 && last <= 0xdbff;
  return `${isHalfOfPair ? clipped.slice(0, -1) : clipped}…`;
}

const lineBreaks = /[ \t]*(?:[\n\v\f\r\u0085\u2028\u2029][ \t]*)+/gu;

/**
 * Characters that a reader cannot see, or that reorder or hide others. The two joiners and the emoji selector stay:
 * Persian, Hindi and emoji are spelt with them.
 */
const hidden = /(?![\u200c\u200d\ufe0f])[\p{Cc}\p{DI}\p{Noncharacter_Code_Point}\ufff9-\ufffb]/gu;

function markOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? "␡" : "\ufffd";
}

/**
 * A text as one line in which everything can be seen: terminal colours are gone, a line break is "⏎", a tab is a space, a
 * control character is its picture (␀, ␛), and what is invisible, reorders text or is half a surrogate pair is U+FFFD.
 * "##[" gets a space, because a GitHub runner that prints it obeys a command anywhere in a line (`##[error]`).
 * At most `limit` UTF-16 units, and a few more for the marks of line breaks and "##[".
 */
export function showText(text: string, limit: number): string {
  // Colours take room that the reader never sees, so they go before the cut that counts.
  const cleaned = stripVTControlCharacters(clipText(text, limit * 4)).toWellFormed();
  return clipText(cleaned, limit)
    .replace(lineBreaks, " ⏎ ")
    .replace(/^ (?=⏎)|(?<=⏎) $/g, "")
    .replace(/\t/g, " ")
    .replace(hidden, markOf)
    .replace(/##\[/g, "## [");
}
