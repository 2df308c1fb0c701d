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
  ["JSON of another shape", { "reports/a.json": "[1, 2]" }, "is no report of this version: Invalid input"],
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

test("where no earlier step of the job has left a report, that is said", async () => {
  await using folder = await makeFolder({});
  const result = await runAction("report", { comment: "false" }, { cwd: folder.path });
  expect(result).toMatchObject({ code: 1, outputs: { "failure-reason": "invalid-input" } });
  expect(result.annotations[0]?.message).toMatch(
    /^reports: there is no report in \S+datalake-reports\nRun this after the actions/,
  );
});

test("wrong inputs are told before any file is read", async () => {
  await using folder = await makeFolder({});
  const inputs = { reports: "nowhere", comment: "perhaps", deployment: "soon" };
  const result = await runAction("report", inputs, { cwd: folder.path });
  expect(result).toMatchObject({ code: 1, outputs: { "failure-reason": "invalid-input" } });
  expect(result.annotations.map(({ message }) => message)).toEqual([
    'comment: "perhaps" is no boolean; allowed are true and false',
    'deployment: "soon" is no boolean; allowed are true and false',
  ]);
});
