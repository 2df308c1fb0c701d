import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runAction } from "../support/run-action.ts";
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
const text = (changes: Record<string, unknown> = {}) => JSON.stringify({ ...good, ...changes });
const failed = (reason: string, verb = "deploy") =>
  text({
    verb,
    verdict: "failed",
    headline: "it failed",
    failure: { reason, message: "it failed", mistakes: [] },
  });

/** Runs the action over files in `reports/`, with no comment. */
async function report(files: Record<string, string>, inputs: Record<string, string> = {}) {
  await using folder = await makeFolder(files);
  return await runAction(
    "report",
    { reports: "reports/", comment: "false", ...inputs },
    { cwd: folder.path },
  );
}

const refusals: readonly (readonly [string, Record<string, string>, string])[] = [
  ["a folder that is not there", {}, "reports: reports/ cannot be read: ENOENT"],
  ["a folder without reports", { "reports/readme.txt": "" }, "reports: there is no report in reports/"],
  [
    "only reports of its own",
    { "reports/a.json": text({ verb: "report" }) },
    "reports: there is no report in",
  ],
  ["broken JSON", { "reports/a.json": "{" }, "reports: reports/a.json is no JSON"],
  [
    "a later version",
    { "reports/a.json": text({ version: 2 }) },
    "reports/a.json is no report of this version",
  ],
  ["a missing field", { "reports/a.json": text({ headline: undefined }) }, "headline: "],
  ["a verdict that is none", { "reports/a.json": text({ verdict: "fine" }) }, "verdict: "],
  [
    "a link to another server's script",
    { "reports/a.json": text({ run: { ...runOf("javascript:alert(1)") } }) },
    "run.url: ",
  ],
  [
    "a giant file",
    { "reports/a.json": text({ headline: "x".repeat(5_000_001) }) },
    "no report has more than 5000000",
  ],
];

function runOf(url: string) {
  return { repository: "acme/shop", sha: "a".repeat(40), id: 1, attempt: 1, job: "j", url };
}

test.each(refusals)("%s is refused with a reason, and nothing is reported", async (_, files, message) => {
  const result = await report(files);
  expect(result).toMatchObject({
    code: 1,
    outputs: { verdict: "failed", "failure-reason": "invalid-input" },
  });
  expect(result.annotations).toMatchObject([{ level: "error", title: "Invalid input" }]);
  expect(result.annotations[0]?.message).toContain(message);
});

test("too many files are refused", async () => {
  const files = Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`reports/${at}.json`, text()]));
  expect((await report(files)).annotations[0]?.message).toContain("201 files are too many; at most 200");
});

test("a link in a folder is not followed out of it", async () => {
  await using folder = await makeFolder({ "reports/a.json": text(), "secret.json": "{}" });
  await symlink(join(folder.path, "secret.json"), join(folder.path, "reports/b.json"));
  const result = await runAction("report", { reports: "reports/", comment: "false" }, { cwd: folder.path });
  expect(result).toMatchObject({ code: 0, outputs: { verdict: "changed" } });
});

const codes: readonly (readonly [string, readonly string[], number])[] = [
  ["failed checks alone", [text(), text({ verb: "check", verdict: "failed" })], 2],
  ["a refusal and failed checks", [failed("plan-changed"), text({ verdict: "failed" })], 3],
  ["a time-out and a refusal", [failed("timed-out"), failed("plan-changed")], 4],
  ["an error among all others", [failed("timed-out"), failed("plan-changed"), failed("stack-failed")], 1],
  ["a reason of a later version", [failed("no-such-reason")], 1],
];

test.each(codes)("%s make the exit code", async (_, reports, code) => {
  const files = Object.fromEntries(reports.map((one, at) => [`reports/${at}.json`, one]));
  const result = await report(files);
  expect(result).toMatchObject({ code, outputs: { verdict: "failed" } });
  expect(result.report?.headline).toContain(`of ${reports.length} report`);
});

test("a hostile report stays text in log and summary", async () => {
  const headline = "::error title=x::owned\n##[error]owned <script>alert(1)</script> @admin #1";
  const result = await report({ "reports/a.json": text({ headline }) });
  expect(result).toMatchObject({ code: 0, annotations: [] });
  expect(result.summary.replace(/`[^`]*`/g, "")).not.toMatch(/owned|<script|@admin|#1/);
  expect(result.summary).toContain("owned");
});
