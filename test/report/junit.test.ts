import fc from "fast-check";
import { SaxesParser } from "saxes";
import { expect, test } from "vitest";
import { renderJUnit, type JUnitSuite } from "../../src/report/index.ts";
import { evilText } from "./evil-text.ts";

interface Element {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Element[];
  text: string;
}

/** A file as a strict XML parser reads it; it throws on anything that is not well-formed. */
function readXml(xml: string): Element {
  const root: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element = { name, attributes: { ...attributes }, children: [], text: "" };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on("text", (text) => {
    const element = open.at(-1);
    if (element) element.text += text;
  });
  parser.on("closetag", () => void open.pop());
  parser.write(xml).close();
  return root.children[0] ?? root;
}

test("a file has suites and cases with their outcomes", () => {
  const suites: JUnitSuite[] = [
    {
      name: "contracts/clean",
      cases: [
        {
          name: "not null: order_id",
          classname: "orders",
          milliseconds: 1250,
          file: "contracts/clean/orders.yaml",
          line: 12,
        },
        {
          name: "unique",
          classname: "orders",
          milliseconds: 30,
          outcome: { kind: "failure", message: 'expected < 1 & "none"', text: "found 3\nsee ]]> there" },
        },
        {
          name: "fresh",
          classname: "orders",
          outcome: { kind: "error", message: "Athena refused the query" },
        },
        { name: "slow", classname: "orders", outcome: { kind: "skipped", message: "not asked for" } },
      ],
    },
    { name: "empty", cases: [] },
  ];
  expect(renderJUnit(suites)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="4" failures="1" errors="1" skipped="1" time="1.280">
  <testsuite name="contracts/clean" tests="4" failures="1" errors="1" skipped="1" time="1.280">
    <testcase name="not null: order_id" classname="orders" time="1.250" file="contracts/clean/orders.yaml" line="12"/>
    <testcase name="unique" classname="orders" time="0.030">
      <failure message="expected &#60; 1 &#38; &#34;none&#34;">found 3
see ]]&#62; there</failure>
    </testcase>
    <testcase name="fresh" classname="orders">
      <error message="Athena refused the query"/>
    </testcase>
    <testcase name="slow" classname="orders">
      <skipped message="not asked for"/>
    </testcase>
  </testsuite>
  <testsuite name="empty" tests="0" failures="0" errors="0" skipped="0" time="0.000">
  </testsuite>
</testsuites>
`);
});

/** A text without what XML 1.0 cannot hold. */
const kept = (text: string): string =>
  Array.from(text)
    .filter((character) => {
      const code = character.codePointAt(0) ?? 0;
      if (code < 0x20) return character === "\t" || character === "\n" || character === "\r";
      return !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff;
    })
    .join("");

test("any text comes back from an XML parser as it was", () => {
  const outcome = fc.record({
    kind: fc.constantFrom("failure" as const, "error" as const, "skipped" as const),
    message: evilText,
    text: fc.option(evilText, { nil: undefined }),
  });
  const suite = fc.record({
    name: evilText,
    cases: fc.array(
      fc.record({
        name: evilText,
        classname: evilText,
        file: evilText,
        outcome: fc.option(outcome, { nil: undefined }),
      }),
      { maxLength: 3 },
    ),
  });
  fc.assert(
    fc.property(fc.array(suite, { maxLength: 3 }), (suites) => {
      const read = readXml(renderJUnit(suites)).children.map(({ attributes, children }) => ({
        name: attributes["name"],
        cases: children.map((element) => {
          const { name, classname, file } = element.attributes;
          const [inner] = element.children;
          const seen = inner && { kind: inner.name, message: inner.attributes["message"], text: inner.text };
          return { name, classname, file, outcome: seen };
        }),
      }));
      const expected = suites.map(({ name, cases }) => ({
        name: kept(name),
        cases: cases.map((one) => ({
          name: kept(one.name),
          classname: kept(one.classname),
          file: kept(one.file),
          outcome: one.outcome && {
            kind: one.outcome.kind,
            message: kept(one.outcome.message),
            text: kept(one.outcome.text ?? ""),
          },
        })),
      }));
      expect(read).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
