import { table, type Finding, type Report } from "../../src/report/index.ts";
import { run } from "./evil-report.ts";

/** A good report of a deploy. */
export const base: Report = {
  version: 1,
  verb: "deploy",
  lake: "dl-handson-v2",
  environment: "dev",
  verdict: "changed",
  headline: "1 layer changed, 1 unchanged",
  sections: [],
  findings: [],
  timings: [],
  run,
  startedAt: "2026-11-24T11:00:00Z",
  milliseconds: 185_000,
};
export const layers = table(
  "Layers",
  ["layer", "result", ">took"],
  [
    ["storage", "UPDATE_COMPLETE", "12.0 s"],
    ["roles", "nothing to do", "0.2 s"],
  ],
);
export const timings: Report["timings"] = [
  { name: "deploy storage", group: "deploy", start: 0, milliseconds: 12_000, outcome: "done" },
  { name: "deploy roles", group: "deploy", start: 0, milliseconds: 200, outcome: "unchanged" },
];
export const finding = (severity: Finding["severity"], rest: Partial<Finding> = {}): Finding => ({
  severity,
  subject: "orders",
  title: "not null: order_id",
  why: "expected = 0 null order_id, found 12 of 100 rows",
  ...rest,
});
/** A table of so many rows. */
export const many = (count: number, row = (at: number) => [`row ${at}`, "x"]) =>
  table(
    "Many",
    ["a", "b"],
    Array.from({ length: count }, (_, at) => row(at)),
  );
