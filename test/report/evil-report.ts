import fc from "fast-check";
import type { Finding, Report, Section } from "../../src/report/index.ts";
import { evilText } from "./evil-text.ts";

/** How large the parts of a report may be. */
export interface Size {
  readonly rows: number;
  readonly columns: number;
  readonly sections: number;
}

const place = fc.record(
  { file: evilText, line: fc.integer({ min: 1, max: 999 }), column: fc.integer({ min: 1, max: 99 }) },
  { requiredKeys: ["file"] },
);

function sections({ rows, columns, sections: maxLength }: Size): fc.Arbitrary<Section[]> {
  const section = fc.oneof(
    fc.record({
      kind: fc.constant("table" as const),
      title: evilText,
      columns: fc.array(
        fc.record({ name: evilText, align: fc.constantFrom("left" as const, "right" as const) }),
        { maxLength: columns },
      ),
      rows: fc.array(fc.array(evilText, { maxLength: columns }), { maxLength: rows }),
    }),
    fc.record({
      kind: fc.constant("chart" as const),
      title: evilText,
      points: fc.array(
        fc.record({
          label: fc.oneof(
            evilText,
            fc.string({ unit: fc.constantFrom(...Array.from("abc (),.=_-")), maxLength: 9 }),
          ),
          value: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(1e6)),
          text: fc.oneof(evilText, fc.constantFrom("", "12.3 KB")),
        }),
        { maxLength: rows },
      ),
    }),
    fc.record({
      kind: fc.constant("text" as const),
      title: evilText,
      lines: fc.array(evilText, { maxLength: rows }),
    }),
  );
  return fc.array(section, { maxLength });
}

const finding: fc.Arbitrary<Finding> = fc.record(
  {
    severity: fc.constantFrom("error" as const, "warning" as const, "info" as const),
    title: evilText,
    subject: evilText,
    why: evilText,
    fix: evilText,
    place,
  },
  { requiredKeys: ["severity", "title", "subject", "why"] },
);

export const evilTimings: fc.Arbitrary<Report["timings"]> = fc.array(
  fc.record({
    name: evilText,
    group: evilText,
    start: fc.oneof(fc.integer({ min: 0, max: 1e7 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
    milliseconds: fc.oneof(
      fc.integer({ min: 0, max: 1e7 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    ),
    outcome: fc.constantFrom(
      "done" as const,
      "unchanged" as const,
      "skipped" as const,
      "failed" as const,
      "cancelled" as const,
    ),
  }),
  { maxLength: 8 },
);

/** The run that every report comes from, so that every page ends with a footer that can be looked for. */
export const run = {
  repository: "acme/lake",
  sha: "0123456789abcdef0123456789abcdef01234567",
  id: 42,
  attempt: 1,
  job: "deploy",
  url: "https://github.com/acme/lake/actions/runs/42",
};

/** A report of any content in every place that takes text. */
export function evilReport(size: Size): fc.Arbitrary<Report> {
  return fc.record(
    {
      version: fc.constant(1 as const),
      verb: evilText,
      lake: evilText,
      environment: evilText,
      verdict: fc.constantFrom(
        "passed" as const,
        "changed" as const,
        "unchanged" as const,
        "failed" as const,
      ),
      headline: evilText,
      sections: sections(size),
      findings: fc.array(finding, { maxLength: size.rows }),
      timings: evilTimings,
      failure: fc.record(
        {
          reason: evilText,
          message: evilText,
          hint: evilText,
          place,
          mistakes: fc.array(fc.record({ message: evilText, place }, { requiredKeys: ["message"] }), {
            maxLength: size.rows,
          }),
        },
        { requiredKeys: ["reason", "message", "mistakes"] },
      ),
      run: fc.record({
        repository: fc.constantFrom(run.repository, "acme/..", "a)(b/[x](y)"),
        sha: fc.oneof(fc.constant(run.sha), evilText),
        id: fc.nat(),
        attempt: fc.integer({ min: 1, max: 3 }),
        job: evilText,
        url: fc.constantFrom(
          run.url,
          "https://evil.example/acme/lake/actions/runs/42",
          "http://github.com/x",
        ),
      }),
      startedAt: fc.constant("2026-11-24T11:00:00Z"),
      milliseconds: fc.double({ min: 0, max: 1e9, noNaN: true }),
    },
    {
      requiredKeys: [
        "version",
        "verb",
        "verdict",
        "headline",
        "sections",
        "findings",
        "timings",
        "run",
        "startedAt",
        "milliseconds",
      ],
    },
  );
}
