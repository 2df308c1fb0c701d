import { describe, expect, test } from "vitest";
import { escapeAsCode, escapeMarkdown, type Where } from "../../src/report/index.ts";
import { checkEscaping } from "./escaping-property.ts";
import { nodesOf, parsePage } from "./parse-page.ts";

describe("a text that is read often looks natural", () => {
  test.each([
    "order_items",
    "dl-handson-v2-raw-dev",
    "12.3 KB",
    "-5",
    "3 of 8 steps, 0.1 % (2 errors)",
    "expected = 0 null order_id, found 12 of 100 rows.",
    "not null: order_id",
    "templates/s3-storage-layer.yaml",
    'the column "total" isn\'t a number!',
    "2026-11-24T11:05:09.250Z",
    "(11:05)",
    "from a → b, 3 × 4 ≥ 12 … €",
    "注文 を 読む",
    "SELECT segment, count FROM clean_db.orders",
  ])("%s", (text) => {
    for (const where of ["paragraph", "cell", "html"] as const)
      expect(escapeMarkdown(text, where)).toBe(text);
  });
});

test.each<[string, Where, string]>([
  ["ask @user and see #12", "paragraph", "ask `@user` and see `#12`"],
  ["@user, see #12", "paragraph", "`@user, see #12`"],
  [
    "denied for arn:aws:iam::1:role/x on glue:CreateTable",
    "cell",
    "denied for `arn:aws:iam::1:role/x` on `glue:CreateTable`",
  ],
  ["a|b", "cell", "`a\\|b`"],
  ["a\\|b", "cell", "`a\\¦b`"],
  ["a|b", "paragraph", "`a|b`"],
  ["`x` ``", "paragraph", "``` `x` `` ```"],
  ["a\r\nb\n", "cell", "a ⏎ b ⏎"],
  ["1. first", "paragraph", "`1.` first"],
  ["- item", "paragraph", "`-` item"],
  ["/deploy", "paragraph", "`/deploy`"],
  ["  two", "cell", "`  two`"],
  [" ", "cell", "` `"],
  ["", "cell", ""],
  ["::error::x", "paragraph", "`::error::x`"],
  ["##[error]x", "paragraph", "`## [error]x`"],
  ["\x1b[31mred\x1b[0m", "cell", "red"],
  ["a\u202eb", "cell", "`a\ufffdb`"],
  ["bell\x07", "cell", "`bell␇`"],
  ["\ud800", "cell", "`\ufffd`"],
  ["<b>&", "html", "<code>&lt;b&gt;&amp;</code>"],
  ["the <b> element", "html", "the <code>&lt;b&gt;</code> element"],
])("%j in a %s is %s", (text, where, expected) => {
  expect(escapeMarkdown(text, where)).toBe(expected);
});

test("a text is cut between characters, also in code", () => {
  expect(escapeMarkdown("x".repeat(5000), "cell", 10)).toBe(`${"x".repeat(9)}…`);
  expect(escapeMarkdown("👍".repeat(10), "cell", 4)).toBe("`👍…`");
  expect(escapeAsCode("a/b.ts:1", "cell", 5)).toBe("`a/b.…`");
});

test("no fence is longer than GitHub's parser knows", () => {
  const text = Array.from({ length: 90 }, (_, at) => "`".repeat(at + 1)).join("x");
  const [, code] = [...nodesOf(parsePage(`a ${escapeMarkdown(text, "paragraph", 10_000)}`))].slice(2);
  expect(code).toMatchObject({ type: "inlineCode" });
  expect(escapeMarkdown(text, "paragraph", 10_000)).not.toMatch(/`{81}/);
});

test("no text is more than text, wherever it goes, and all of its letters are there", () => {
  checkEscaping(1000);
});
