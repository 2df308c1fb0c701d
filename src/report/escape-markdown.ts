import { showText } from "./show-text.ts";

/** Where a text goes: a line of Markdown, a cell of a table, or inside an HTML element such as `<summary>`. */
export type Where = "paragraph" | "cell" | "html";

/** How long an escaped text may be before it is cut, in UTF-16 units. */
const longestText = 1000;

/** Every character that may stand outside code; none of them alone means anything to Markdown or HTML inside a line. */
const harmless =
  /^[\p{L}\p{N}_.,;:!?()'"%=+\-/“”‘’–—…·→≥≤×±°€£⏎][\p{L}\p{N}\p{M}_.,;:!?()'"%=+\-/“”‘’–—…·→≥≤×±°€£⏎]*$/u;

/** What harmless characters could add up to. */
const risks: readonly RegExp[] = [
  // Emphasis, unless letters or digits stand on both sides: order_items.
  /(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/u,
  // A rule, a heading's underline, a comment's end; a flag of a command.
  /--|^-(?!\d|$)/u,
  // An emoji (:tada:), a URL, a workflow command (::error::); a colon that ends a word is none of them.
  /^:|:(?!$)/u,
  /www\./i,
  // A commit: GitHub links seven or more hexadecimal digits that stand alone.
  /(?<!\w)[0-9a-f]{7,}(?!\w)/i,
  // An issue (GH-1) or an advisory.
  /(?<![a-z0-9])(?:GH|GHSA|CVE)-/i,
];

/** What opens a list or underlines a heading when it begins a line, and a bot's command (/deploy). */
const riskyStart = /^(?:[-+=]+|\d+[.)]|\/.*)$/u;

/** The one word with colons inside that stays plain: 11:05, 2026-11-24T11:05:09.250Z. */
const time = /^\(?(?:\d{4}-\d\d-\d\dT)?\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z?[).,;]*$/u;

function isPlain(word: string, at: number): boolean {
  if (time.test(word)) return true;
  if (at === 0 && riskyStart.test(word)) return false;
  return harmless.test(word) && !risks.some((risk) => risk.test(word));
}

/**
 * Any text as one line of GitHub-flavoured Markdown in which it means nothing but itself: no mention, reference, link,
 * emphasis, HTML, emoji, line or cell break comes of it, and no workflow command when a log prints it. Words of an
 * allow-list stay plain, others become code; a text is code as a whole when most of it would be, or when its spaces
 * count. What cannot be seen is replaced as {@link showText} says. Cut after `limit` UTF-16 units.
 */
export function escapeMarkdown(text: string, where: Where, limit = longestText): string {
  const shown = showText(text, limit);
  const words = shown.split(" ");
  if (words.some((word) => word === "")) return shown === "" ? "" : toCode(shown, where);
  const runs: { plain: boolean; words: string[] }[] = [];
  for (const [at, word] of words.entries()) {
    const plain = isPlain(word, at);
    const last = runs.at(-1);
    if (last?.plain === plain) last.words.push(word);
    else runs.push({ plain, words: [word] });
  }
  const risky = runs.filter((run) => !run.plain).flatMap((run) => run.words).length;
  if (risky * 2 > words.length) return toCode(shown, where);
  return runs.map((run) => (run.plain ? run.words.join(" ") : toCode(run.words.join(" "), where))).join(" ");
}

/** A text as code, whatever it is: file names, reasons, ids. Replaces and cuts like {@link escapeMarkdown}. */
export function escapeAsCode(text: string, where: Where, limit = longestText): string {
  const shown = showText(text, limit);
  return shown === "" ? "" : toCode(shown, where);
}

const entities = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
]);

function toCode(shown: string, where: Where): string {
  if (where === "html")
    return `<code>${shown.replace(/[&<>"']/g, (sign) => entities.get(sign) ?? sign)}</code>`;
  return where === "cell" ? toCodeSpan(escapePipes(shown)) : toCodeSpan(shown);
}

/**
 * GitHub splits a row at its pipes before it looks for code, and then reads `\|` as a pipe and every other backslash as
 * itself. So a pipe right after a backslash cannot be written: it becomes a broken bar.
 */
const escapePipes = (shown: string): string => shown.replace(/(?<=\\)\|/g, "¦").replace(/\|/g, "\\|");

/** GitHub's parser finds no code span behind more backticks than 80. */
const longestFence = 80;

function toCodeSpan(shown: string): string {
  const runs = new Set(Array.from(shown.matchAll(/`+/g), ([run]) => run.length));
  let length = 1;
  while (runs.has(length)) length += 1;
  if (length > longestFence) return toCodeSpan(shown.replaceAll("`", "'"));
  // A space at both ends is taken away by the parser, and a backtick there would belong to the fence.
  const pad = /^`|`$|^ .*[^ ].* $/u.test(shown) ? " " : "";
  const fence = "`".repeat(length);
  return `${fence}${pad}${shown}${pad}${fence}`;
}
