import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import type { Code, List, Nodes, Table } from "mdast";
import { expect } from "vitest";
import { renderComment, type Report, type Section } from "../../src/report/index.ts";
import { evilReport } from "./evil-report.ts";
import { lettersOf } from "./evil-text.ts";
import { findInjections, nodesOf, parsePage, textOf } from "./parse-page.ts";

const roomy = { characters: 10_000_000, bytes: 10_000_000 };
const small = { rows: 14, columns: 4, sections: 4 };

/** A page with room for everything has everything, in its order, and nothing that came from data but text. */
export function checkWholePages(numRuns: number): void {
  fc.assert(
    fc.property(fc.array(evilReport(small), { minLength: 1, maxLength: 3 }), (reports) => {
      const { body, cut } = renderComment(reports, { budget: roomy });
      expect(cut).toBe(false);
      expect(findInjections(body)).toEqual([]);
      expectClosed(body);
      const parts = [...nodesOf(parsePage(body))].filter(isPart);
      const sorted = sort(reports);
      if (reports.length > 1)
        takeTable(
          parts,
          sorted.map(({ headline }) => ["", "", headline, ""]),
        );
      for (const { failure } of sorted)
        takeList(parts, failure?.mistakes.map(({ message }) => message) ?? []);
      for (const { findings } of sorted) takeFindings(parts, findings);
      for (const { sections } of sorted) for (const section of sections) takeSection(parts, section);
      for (const { timings } of sorted)
        if (timings.length > 0) expect(parts.shift()).toMatchObject({ lang: "mermaid" });
      expect(parts).toEqual([]);
    }),
    { numRuns },
  );
}

/** A page keeps any budget, and what was cut is cut between its parts, so that the rest reads as before. */
export function checkCutPages(numRuns: number): void {
  const budget = fc.record({
    characters: fc.integer({ min: 4000, max: 9000 }),
    bytes: fc.integer({ min: 12_000, max: 14_000 }),
  });
  const reports = fc.array(evilReport({ rows: 25, columns: 4, sections: 5 }), { maxLength: 4 });
  let cuts = 0;
  fc.assert(
    fc.property(reports, budget, (made, limits) => {
      const { body, cut } = renderComment(made, { budget: limits, fullReport: "the summary" });
      cuts += cut ? 1 : 0;
      expect(body.length).toBeLessThanOrEqual(limits.characters);
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(limits.bytes);
      expect(findInjections(body)).toEqual([]);
      if (made.length > 0) expectClosed(body);
      const whole = renderComment(made, { budget: roomy }).body;
      expect(/^✂️ Left out for length: .* All of it is in the summary\.$/mu.test(body)).toBe(cut);
      if (!cut) expect(body).toBe(whole);
      const lines = new Set(whole.split("\n"));
      const own = /^✂️ |^\d[\d,]* more \w+ left out here\.$/u;
      expect(body.split("\n").filter((line) => !lines.has(line) && !own.test(line))).toEqual([]);
    }),
    { numRuns },
  );
  expect(cuts).toBeGreaterThan(numRuns / 10);
}

/** Every fold is closed, no code block swallows what follows it, and the footer is the page's last paragraph. */
function expectClosed(body: string): void {
  const { children } = parsePage(body);
  const opened = children.filter((node) => node.type === "html" && node.value.startsWith("<details>")).length;
  const closed = children.filter((node) => node.type === "html" && node.value === "</details>").length;
  expect(closed).toBe(opened);
  const last = children.at(-1);
  expect(last?.type).toBe("paragraph");
  expect(last && textOf(last)).toMatch(/run \d+/u);
}

type Part = Table | Code | List;
const isPart = (node: Nodes): node is Part =>
  node.type === "table" || node.type === "code" || node.type === "list";

const badness = ({ verdict, findings }: Report): number =>
  verdict === "failed" ? 2 : findings.some(({ severity }) => severity !== "info") ? 1 : 0;
const sort = (reports: readonly Report[]): Report[] => [...reports].sort((a, b) => badness(b) - badness(a));

/** Takes tables off the parts until they have so many rows; a cell's text has the letters of its data. */
function takeTable(parts: Part[], rows: readonly (readonly string[])[], align?: readonly string[]): void {
  let at = 0;
  while (at < rows.length) {
    const table = parts.shift();
    if (table?.type !== "table") throw new Error(`a table was expected, found ${table?.type ?? "nothing"}`);
    if (align) expect(table.align?.map((side) => side ?? "left")).toEqual(align);
    for (const row of table.children.slice(1)) {
      const cells = rows[at] ?? [];
      expect(row.children.length).toBe(table.align?.length);
      expect(row.children.length).toBeGreaterThanOrEqual(cells.length);
      for (const [column, cell] of cells.entries()) expectText(row.children[column], cell);
      at += 1;
    }
  }
  expect(at).toBe(rows.length);
}

function takeList(parts: Part[], items: readonly string[]): void {
  let at = 0;
  while (at < items.length) {
    const list = parts.shift();
    if (list?.type !== "list") throw new Error(`a list was expected, found ${list?.type ?? "nothing"}`);
    for (const item of list.children) expectText(item, items[at++] ?? "");
  }
  expect(at).toBe(items.length);
}

function takeFindings(parts: Part[], findings: Report["findings"]): void {
  const worst = ["error", "warning", "info"].flatMap((level) =>
    findings.filter(({ severity }) => severity === level),
  );
  takeTable(
    parts,
    worst.map(({ severity, subject, title, why, fix }) => [
      severity,
      subject,
      title,
      why,
      ...(fix === undefined ? [] : [fix]),
    ]),
  );
}

function takeSection(parts: Part[], section: Section): void {
  if (section.kind === "text") {
    if (section.lines.length === 0) return;
    if (parts[0]?.type === "list") takeList(parts, section.lines);
    else {
      const code = parts.shift();
      expect(code).toMatchObject({ type: "code", lang: "text" });
      const lines = code?.type === "code" ? code.value.split("\n") : [];
      expect(lines.map(lettersOf)).toEqual(section.lines.map(visibleLetters));
    }
  } else if (section.kind === "chart") {
    if (parts[0]?.type === "code" && section.points.length > 0) {
      expect(parts.shift()).toMatchObject({ lang: "mermaid" });
    } else
      takeTable(
        parts,
        section.points.map(({ label, text }) => [label, text]),
        ["left", "right", "left"],
      );
  } else {
    const width = Math.max(section.columns.length, ...section.rows.map((row) => row.length));
    if (width === 0) return;
    const align = Array.from({ length: width }, (_, at) => section.columns[at]?.align ?? "left");
    takeTable(parts, section.rows, align);
  }
}

const visibleLetters = (text: string): string => lettersOf(stripVTControlCharacters(text));

function expectText(node: Nodes | undefined, data: string): void {
  expect(node && lettersOf(textOf(node))).toContain(visibleLetters(data));
}
