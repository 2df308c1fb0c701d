import fc from "fast-check";
import { parseHTML } from "linkedom";
import { beforeAll, describe, expect, test } from "vitest";
import { renderSummary, type Report, type Section } from "../../src/report/index.ts";
import { evilTimings } from "./evil-report.ts";
import { evilText, lettersOf } from "./evil-text.ts";
import { nodesOf, parsePage } from "./parse-page.ts";

type Mermaid = (typeof import("mermaid"))["default"];
let mermaid: Mermaid;

beforeAll(async () => {
  // Mermaid cleans labels with a library that is not there without a document.
  const { window, document } = parseHTML("<!doctype html><html><body></body></html>") as Record<
    string,
    unknown
  >;
  Object.assign(globalThis, { window, document });
  mermaid = (await import("mermaid")).default;
  await mermaid.parse("gantt");
});

const base: Omit<Report, "sections" | "timings"> = {
  version: 1,
  verb: "deploy",
  verdict: "passed",
  headline: "done",
  findings: [],
};

function diagramsOf(parts: { timings?: Report["timings"]; sections?: Section[] }): string[] {
  const page = renderSummary([{ ...base, sections: [], timings: [], ...parts }]);
  return [...nodesOf(parsePage(page))].flatMap((node) =>
    node.type === "code" && node.lang === "mermaid" ? [node.value] : [],
  );
}

interface Task {
  readonly section: string;
  readonly task: string;
  readonly startTime: Date;
  readonly endTime: Date;
  readonly active?: boolean;
  readonly done?: boolean;
  readonly crit?: boolean;
}
interface GanttDb {
  readonly getTasks: () => Task[];
  readonly getSections: () => string[];
  readonly getLinks: () => ReadonlyMap<string, string>;
}
interface ChartDb {
  readonly getXYChartData: () => {
    readonly xAxis: { readonly categories: string[] };
    readonly yAxis: { readonly min: number; readonly max: number };
    readonly plots: { readonly data: [string, number][] }[];
  };
}

/** What Mermaid itself reads in a diagram: its own store of the diagram's kind. */
async function readDiagram(diagram: string, kind: "gantt" | "xychart"): Promise<unknown> {
  // Its successors tell only whether a text is a diagram, not what is in it.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const { type, db } = await mermaid.mermaidAPI.getDiagramFromText(diagram);
  expect(type).toBe(kind);
  return db;
}

const readGantt = async (diagram: string) => (await readDiagram(diagram, "gantt")) as GanttDb;

const readChart = async (diagram: string) =>
  ((await readDiagram(diagram, "xychart")) as ChartDb).getXYChartData();

const step = (
  name: string,
  start: number,
  milliseconds: number,
  outcome: Report["timings"][number]["outcome"],
) => ({ name, group: name.split(" ")[0] ?? "", start, milliseconds, outcome }) as const;

describe("a timeline", () => {
  test("is read by Mermaid as what took how long", async () => {
    const timings = [
      step("deploy storage", 500, 12_000, "done"),
      step("click href", 500, 100, "unchanged"),
      step("deploy trail", 12_500, 3_600_000, "failed"),
    ];
    const [diagram = ""] = diagramsOf({ timings });
    const db = await readGantt(diagram);
    const tasks = db.getTasks().map(({ section, task, startTime, endTime, active, done, crit }) => ({
      section,
      task: task.trim(),
      milliseconds: endTime.getTime() - startTime.getTime(),
      look: [active && "active", done && "done", crit && "crit"].filter(Boolean).join(),
    }));
    expect(tasks).toEqual([
      { section: "deploy", task: "✓ deploy storage (12.0 s)", milliseconds: 12_000, look: "active" },
      { section: "deploy", task: "✗ deploy trail (1 h 00 min)", milliseconds: 3_600_000, look: "crit" },
      { section: "click", task: "= click href (100 ms)", milliseconds: 100, look: "done" },
    ]);
    expect(db.getLinks().size).toBe(0);
  });

  test("keeps the longest of many steps, below Mermaid's limit", async () => {
    const timings = Array.from({ length: 5000 }, (_, at) => step(`${"名".repeat(500)}${at}`, at, at, "done"));
    const [diagram = ""] = diagramsOf({ timings });
    expect(diagram.length).toBeLessThan(50_000);
    const starts = (await readGantt(diagram)).getTasks().map(({ startTime }) => startTime.getTime());
    expect(starts).toHaveLength(50);
    expect(Math.max(...starts) - Math.min(...starts)).toBe(49);
  });

  test("of any steps has these steps and nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(evilTimings, async (timings) => {
        const [diagram] = diagramsOf({ timings });
        if (diagram === undefined) {
          expect(timings).toEqual([]);
          return;
        }
        const db = await readGantt(diagram);
        expect(db.getTasks().filter(({ task }) => /^[✓=–✗⊘] .+\(.*\)\s*$/u.test(task))).toHaveLength(
          timings.length,
        );
        expect(db.getTasks()).toHaveLength(timings.length);
        expect(db.getLinks().size).toBe(0);
        expect(diagram).not.toMatch(/%%|[{}<>#;`]/u);
      }),
      { numRuns: 60 },
    );
  });
});

describe("a chart", () => {
  test("is read by Mermaid as its bars, which begin at zero", async () => {
    const points = [
      { label: "consumer", value: 3.25, text: "3.3 KB" },
      { label: "home office", value: 5, text: "" },
    ];
    const [diagram = ""] = diagramsOf({ sections: [{ kind: "chart", title: "Revenue", points }] });
    const { xAxis, yAxis, plots } = await readChart(diagram);
    expect(xAxis.categories).toEqual(["consumer (3.3 KB)", "home office"]);
    expect(yAxis).toMatchObject({ min: 0, max: 5 });
    expect(plots[0]?.data.map(([, value]) => value)).toEqual([3.25, 5]);
  });

  test("of any points is a diagram with these points, or none", async () => {
    const pointsOf = (label: fc.Arbitrary<string>, value: fc.Arbitrary<number>) =>
      fc.array(fc.record({ label, value, text: fc.constantFrom("", "12.3 KB", "€ 4", "5 %") }), {
        maxLength: 5,
      });
    const rest = fc.string({ unit: fc.constantFrom(...Array.from("aéж注1 _.,()/+=-%")), maxLength: 9 });
    const tame = rest.map((text) => `b${text}`);
    const hostile = fc.oneof(tame, evilText);
    const points = fc.oneof(
      pointsOf(
        tame,
        fc.integer({ min: 0, max: 1e9 }).map((cents) => cents / 100),
      ),
      pointsOf(hostile, fc.nat(99)),
      pointsOf(hostile, fc.double({ noNaN: true, noDefaultInfinity: true })),
    );
    let drawn = 0;
    await fc.assert(
      fc.asyncProperty(points, async (made) => {
        const [diagram] = diagramsOf({ sections: [{ kind: "chart", title: "t", points: made }] });
        if (diagram === undefined) return;
        drawn += 1;
        const { xAxis, plots } = await readChart(diagram);
        expect(xAxis.categories.map(lettersOf)).toEqual(
          made.map((point) => lettersOf(point.label + point.text)),
        );
        for (const [at, [, seen]] of (plots[0]?.data ?? []).entries())
          expect(seen).toBeCloseTo(made[at]?.value ?? -1, 3);
      }),
      { numRuns: 120 },
    );
    expect(drawn).toBeGreaterThan(10);
  });

  test.each([
    [
      "two bars of one name",
      [
        ["a", 1],
        ["a", 2],
      ],
    ],
    [
      "a negative value",
      [
        ["a", -1],
        ["b", 2],
      ],
    ],
    ["a value too large to write out", [["a", 1e21]]],
    ["a quote in a label", [['a"] bar [9', 1]]],
    ["more bars than can be told apart", Array.from({ length: 21 }, (_, at) => [`b${at}`, at])],
    ["no bar that could be seen", [["a", 0]]],
  ] as [string, [string, number][]][])("%s makes a table", (_, made) => {
    const points = made.map(([label, value]) => ({ label, value, text: "" }));
    expect(diagramsOf({ sections: [{ kind: "chart", title: "t", points }] })).toEqual([]);
  });
});
