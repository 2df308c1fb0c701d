import type { Nodes, Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

/** A page as GitHub-flavoured Markdown reads it. */
export function parsePage(markdown: string): Root {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

/** A node and all nodes under it, in the order of the text. */
export function* nodesOf(node: Nodes): Generator<Nodes> {
  yield node;
  if ("children" in node) for (const child of node.children) yield* nodesOf(child);
}

/** What a reader sees of a node; a line break element is one. */
export function textOf(node: Nodes): string {
  if (node.type === "html") return node.value === "<br>" ? "\n" : "";
  if ("children" in node) return node.children.map(textOf).join(node.type === "tableRow" ? " " : "");
  return "value" in node ? node.value : "";
}

/** What GitHub or a reader's browser would make something of, in text that is not code. */
const live: readonly RegExp[] = [
  /@[\p{L}\p{N}]/u,
  /#\d/u,
  /\bGH-\d/iu,
  /\bGHSA-/iu,
  /\b[0-9a-f]{7,40}\b/iu,
  /:(?:[\w+-]*[a-z][\w+-]*|\+1|-1|100|1234):/iu,
  /https?:\/\/|www\.|ftp:\/\/|(?:mailto|xmpp):\S/iu,
];

/** What no page has, not in code either: a reader could not see it, or would see other text in another order. */
const unseen =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

/** Why a text outside code would not stay text, or undefined. */
function findLive(text: string): string | undefined {
  const found = live.find((pattern) => pattern.test(text));
  return found && `${found.source} in ${JSON.stringify(text)}`;
}

const summary =
  /^<details><summary>((?:[^<&]|<code>(?:[^<>&"']|&(?:amp|lt|gt|quot|#39);)*<\/code>)*)<\/summary>$/u;

/** What a renderer of pages writes itself, and nothing else. */
const ownTypes = new Set([
  "blockquote",
  "list",
  "listItem",
  "link",
  "html",
  "root",
  "paragraph",
  "text",
  "inlineCode",
  "heading",
  "code",
  "table",
  "tableRow",
  "tableCell",
]);

/** Everything on a page that came from data and is more than text, as sentences. */
export function findInjections(page: string, server = "https://github.com"): string[] {
  const found: string[] = [];
  const say = (what: string | undefined) => (what === undefined ? 0 : found.push(what));
  for (const node of nodesOf(parsePage(page))) {
    if (!ownTypes.has(node.type)) say(`${node.type}: ${JSON.stringify(textOf(node))}`);
    if (node.type === "text") say(findLive(node.value));
    if (node.type === "link" && !node.url.startsWith(`${server}/acme/`)) say(`link ${node.url}`);
    if (node.type === "heading" && node.depth !== 3 && node.depth !== 4) say(`heading ${node.depth}`);
    if (node.type === "code" && node.lang !== "mermaid" && node.lang !== "text")
      say(`code ${node.lang ?? ""}`);
    if (node.type === "html") {
      const inside = summary.exec(node.value)?.[1];
      if (inside !== undefined) say(findLive(inside.replace(/<code>.*?<\/code>/gu, "")));
      else if (node.value !== "</details>" && node.value !== "<br>")
        say(`html ${JSON.stringify(node.value)}`);
    }
  }
  for (const line of page.split("\n")) {
    if (line.trimStart().startsWith("::")) say(`command ${line}`);
    if (line.includes("##[")) say(`command ${line}`);
    if (line.startsWith("/")) say(`bot's command ${line}`);
  }
  if (!page.isWellFormed()) say("half a surrogate pair");
  if (unseen.test(page)) say("a character that cannot be seen, or reorders others");
  return found;
}
