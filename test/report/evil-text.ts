import fc from "fast-check";

/** What means something to Markdown, HTML, Mermaid, GitHub, a terminal or a runner's log. */
const fragments = [
  ...Array.from("`*_~#>|[](){}<>!\\/:;,.@&$%^=+-'\"?"),
  ...[" ", "\t", "\n", "\r"],
  ...[
    "\r\n",
    "\n\n",
    "  \n",
    "\u2028",
    "\u0085",
    "\0",
    "\x07",
    "\x1b[31m",
    "\x1b]8;;http://x\x07",
    "\x7f",
    "\x9b",
  ],
  ...["\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u{e0041}", "\ud800", "\udc00", "\ufffe"],
  ...["a", "b1", "order_items", "x", "é", "日本", "שלום", "مرحبا", "👍🏽", "🇯🇵", "1", "42", "0", "e\u0301"],
  ...[
    "``",
    "```",
    "````",
    "~~~",
    "```mermaid",
    "---",
    "***",
    "===",
    "<!--",
    "-->",
    "- ",
    "+ ",
    "1. ",
    "2) ",
    "    ",
  ],
  ...[
    "@user",
    "@org/team",
    "#1",
    "GH-1",
    "acme/lake#12",
    "a@b.co",
    "http://a.b",
    "https://a.b/c?d",
    "www.a.b",
    "ftp://a",
  ],
  ...[
    "mailto:a@b.co",
    "0123456789abcdef0123456789abcdef01234567",
    "deadbee",
    "a@deadbeef",
    "GHSA-aaaa-bbbb-cccc",
  ],
  ...[
    ":tada:",
    ":+1:",
    ":100:",
    "[a](b)",
    "![a](b)",
    "[a]: b",
    "[^1]",
    "[x]",
    "<b>",
    "</b>",
    "<br>",
    "&amp;",
    "&#64;",
  ],
  ...[
    "<details>",
    "</details>",
    "</summary>",
    "</code>",
    "<script>",
    "<img src=x>",
    "<a@b.co>",
    "<http://a.b>",
  ],
  ...[
    "::error::",
    "::add-mask::",
    "##[error]",
    "##[",
    "/deploy",
    "$x$",
    "$`x`$",
    "\\|",
    "\\\\|",
    "\\`",
    "| --- |",
    "[!NOTE]",
  ],
  ...[
    "**b**",
    "__b__",
    "_i_",
    "~~s~~",
    "# h",
    "> q",
    "section",
    "click",
    "gantt",
    "title",
    "%%",
    "%%{init: {}}%%",
  ],
  ...['"]', "dateFormat x", "accTitle:", "end", "bar [1]", "2001-01-01", "call f()", "href", "crit", "done,"],
] as const;

/** Any text at all, mostly hostile. */
export const evilText: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(fc.constantFrom(...fragments), { maxLength: 8 }).map((parts) => parts.join("")),
  },
  {
    weight: 3,
    arbitrary: fc.array(fc.constantFrom(...fragments), { maxLength: 6 }).map((parts) => parts.join(" ")),
  },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 6 })
      .map((codes) => String.fromCharCode(...codes)),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom("order_items", "12.3 KB", "a sentence, with 2 commas, and a stop.", ""),
  },
);

/** The letters and digits of a text that can be seen, in their order: what must be left of it on a page. */
export function lettersOf(text: string): string {
  return text.toWellFormed().replace(/\p{DI}|[^\p{L}\p{N}]/gu, "");
}
