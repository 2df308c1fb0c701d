import { expect, test } from "vitest";
import { runAction, type ActionOutcome } from "../support/run-action.ts";
import { makeFolder } from "../support/temporary-lake.ts";

const good = {
  version: 1,
  verb: "deploy",
  lake: "shop",
  environment: "dev",
  verdict: "changed",
  headline: "3 layers deployed",
  sections: [],
  findings: [],
  timings: [],
};
const unmet = { ...good, verb: "check", verdict: "failed", headline: "2 checks failed" };

/** The report of something that failed for this reason. */
function failedFor(reason: string) {
  const failure = { reason, message: `it was ${reason}`, mistakes: [] };
  return { ...good, verb: "crawl", verdict: "failed", headline: failure.message, failure };
}

/** Runs the action in a folder of these files; what is no text becomes JSON. */
async function mergeFiles(
  files: Readonly<Record<string, unknown>>,
  reports = Object.keys(files).join("\n"),
): Promise<ActionOutcome> {
  const texts = Object.entries(files).map(([name, value]) => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  await using folder = await makeFolder(Object.fromEntries(texts) as Record<string, string>);
  return await runAction("report", { reports, comment: "false" }, { cwd: folder.path });
}

test.each([
  { of: ["checks-failed"], code: 2, reason: "checks-failed" },
  { of: ["checks-failed", "plan-changed"], code: 3, reason: "plan-changed" },
  { of: ["plan-changed", "timed-out", "checks-failed"], code: 4, reason: "timed-out" },
  { of: ["timed-out", "stack-failed", "plan-changed"], code: 1, reason: "stack-failed" },
  { of: ["checks-failed", "a reason of the future\n::error::pwned"], code: 1, reason: "internal" },
])("of $of the worst is the exit code and the reason", async ({ of, code, reason }) => {
  const reports = of.map((each) => (each === "checks-failed" ? unmet : failedFor(each)));
  const files = Object.fromEntries(
    [good, ...reports].map((report, at) => [`reports/${at}.json`, report] as const),
  );
  const result = await mergeFiles(files, "reports");
  expect(result).toMatchObject({ code, outputs: { verdict: "failed", "failure-reason": reason } });
  expect(result.report?.headline).toMatch(new RegExp(`^${of.length} of ${of.length + 1} reports failed: `));
  for (const { headline } of [good, ...reports]) expect(result.summary).toContain(headline.split("\n")[0]);
  expect(result.log.split("\n")).toContain("✓ deploy  3 layers deployed");
});

test("a file that is no report fails the run, and hides none of the others", async () => {
  const result = await mergeFiles({
    "0.json": good,
    "1.json": "{",
    "2.json": { version: 9 },
    "3.json": unmet,
  });
  expect(result).toMatchObject({ code: 1, outputs: { "failure-reason": "invalid-input" } });
  expect(
    result.annotations.map(({ title, message }) => `${title ?? ""}: ${message.split(":")[1] ?? ""}`),
  ).toEqual([
    "reports: no report:  1.json is no JSON",
    "reports: no report:  2.json is no report of this version",
  ]);
  for (const text of ["3 layers deployed", "2 checks failed", "2 files are no report"])
    expect(result.summary).toContain(text);
});

test("a report that is named twice, and one that this action has left, count once and not at all", async () => {
  const files = { "reports/a.json": good, "reports/b.json": { ...good, verb: "report", verdict: "failed" } };
  const result = await mergeFiles(files, "reports\nreports/a.json\n./reports/a.json");
  expect(result).toMatchObject({ code: 0, annotations: [], outputs: { verdict: "changed" } });
  expect(result.report?.headline).toBe("1 report, all good");
});

test("texts of a report stay texts, in the log and in the summary", async () => {
  const text =
    "::error::pwned\n::set-output name=verdict::passed\n##[error]x </details> <script>alert(1)</script> @acme/all | %0A";
  const section = { kind: "table", title: text, columns: [{ name: text }], rows: [[text]] };
  const finding = {
    severity: "error",
    title: text,
    subject: text,
    why: text,
    fix: text,
    place: { file: text },
  };
  const hostile = {
    ...unmet,
    verb: text,
    lake: text,
    headline: text,
    sections: [section],
    findings: [finding],
  };
  const result = await mergeFiles({ "a.json": hostile });
  expect(result).toMatchObject({ code: 2, annotations: [], outputs: { verdict: "failed" } });
  expect(result.log).not.toMatch(/^\s*::|##\[/m);
  const outsideOfCode = result.summary.replaceAll(/(`+)[\s\S]*?\1/g, "");
  expect(outsideOfCode).not.toMatch(/<script|@acme|^::/m);
  const count = (tag: string) => outsideOfCode.split(tag).length;
  expect(count("</details>")).toBe(count("<details>"));
});
