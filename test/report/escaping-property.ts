import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import type { Nodes } from "mdast";
import { expect } from "vitest";
import { escapeAsCode, escapeMarkdown, type Where } from "../../src/report/index.ts";
import { evilText, lettersOf } from "./evil-text.ts";
import { findInjections, parsePage, textOf } from "./parse-page.ts";

/** Every place of a page that a text can go to, with the node that shows it. */
const places: readonly { where: Where; page: (text: string) => string; at: readonly number[] }[] = [
  { where: "paragraph", page: (text) => text, at: [0] },
  { where: "paragraph", page: (text) => `### ${text}`, at: [0] },
  { where: "paragraph", page: (text) => `- ${text}\n- next`, at: [0, 0] },
  { where: "paragraph", page: (text) => `> [!CAUTION]\n> ${text}`, at: [0] },
  { where: "paragraph", page: (text) => `before ${text}, after`, at: [0] },
  { where: "cell", page: (text) => `| a | b |\n| --- | ---: |\n| ${text} | x |`, at: [0, 1, 0] },
  { where: "cell", page: (text) => `| ${text} | b |\n| --- | ---: |\n| y | x |`, at: [0, 0, 0] },
  { where: "html", page: (text) => `<details><summary>${text}</summary>\n\nx\n\n</details>`, at: [0] },
];

/** No text is more than text, wherever it goes, and all of its letters are there. */
export function checkEscaping(numRuns: number): void {
  fc.assert(
    fc.property(evilText, fc.constantFrom(...places), fc.boolean(), (text, { where, page, at }, asCode) => {
      const escaped = (asCode ? escapeAsCode : escapeMarkdown)(text, where);
      const markdown = page(escaped);
      expect(findInjections(markdown)).toEqual([]);
      const seen = where === "html" ? unescapeHtml(escaped) : textAt(parsePage(markdown), at);
      expect(lettersOf(seen)).toContain(lettersOf(stripVTControlCharacters(text)));
      if (where === "cell") expect(escaped.replaceAll(/(?<!\\)\\\|/g, "")).not.toContain("|");
    }),
    { numRuns },
  );
}

function textAt(node: Nodes, [step, ...rest]: readonly number[]): string {
  if (step === undefined) return textOf(node);
  const child = "children" in node ? node.children[step] : undefined;
  return child ? textAt(child, rest) : "";
}

const unescapeHtml = (html: string): string =>
  html
    .replace(/<\/?code>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
