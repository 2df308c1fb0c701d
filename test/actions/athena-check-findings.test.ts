import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { makeAthenaBed, makeTable, type AthenaBed } from "../athena/athena-bed.ts";
import { createContext } from "../support/local-lake.ts";
import { runAction, type ActionOutcome } from "../support/run-action.ts";
import { makeFolder } from "../support/temporary-lake.ts";
import { describeFailure } from "./describe-failure.ts";

/** What no report may take for anything but text. */
const hostile = "::error::x ##[error]y | <b>z</b> @octocat [l](https://e.example) `c` \u001b[31m";

let bed: AthenaBed;
beforeAll(async () => {
  const context = createContext();
  bed = await makeAthenaBed(context);
  const rows = ["o1,paid,1", `o2,${hostile},-2`, "\\N,paid,3"];
  await makeTable({ name: "orders", columns: "id string, status string, total double", rows }, bed, context);
});

/** Runs the action on these files; also what is in the file `junit.xml` after it. */
async function check(
  inputs: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
): Promise<ActionOutcome & { readonly junit: string | undefined }> {
  await using folder = await makeFolder(files);
  const own = { database: bed.database, results: bed.outputLocation, "junit-file": "reports/junit.xml" };
  const result = await runAction("athena-check", { ...own, ...inputs }, { cwd: folder.path });
  return {
    ...result,
    junit: await readFile(join(folder.path, "reports/junit.xml"), "utf8").catch(() => undefined),
  };
}

/** A contract of the table with these rules, from line 9 on, and whatever else. */
function contractOf(rules: readonly string[], more = ""): string {
  const head = 'apiVersion: v3.1.0\nkind: DataContract\nid: orders\nversion: "1"\nstatus: active\nschema:\n';
  const list = rules.map((rule) => `      - { ${rule} }\n`).join("");
  return `${head}  - name: orders\n    quality:\n${list}${more}`;
}

test("checks that fail are marked at their lines and counted; what only warns fails nothing", async () => {
  const rules = [
    "name: rows, metric: rowCount, mustBe: 3",
    "name: more rows, metric: rowCount, mustBeGreaterThan: 100",
    "name: paid, type: sql, query: \"select count(*) from orders where status <> 'paid'\", mustBe: 0, severity: warning",
    'name: broken, type: sql, query: "select count(*) from orders where nobody = 1", mustBe: 0, severity: warning',
    'name: writes, type: sql, query: "drop table orders", mustBe: 0, severity: warning',
    "name: other, type: custom, engine: soda, implementation: checks",
  ];
  const columns =
    "    properties:\n      - { name: id, logicalType: string, required: true }\n" +
    "      - { name: total, logicalType: integer }\n      - { name: gone, required: true }\n";
  const result = await check(
    { contracts: "contracts/", lake: "infra/lake.yaml" },
    {
      "infra/lake.yaml": "name: acme\nregion: ap-northeast-1\nenvironments: { dev: {} }\nlayers: {}\n",
      "infra/contracts/orders.yaml": contractOf(rules, columns),
    },
  );
  const at = "infra/contracts/orders.yaml";
  expect(describeFailure(result)).toEqual({
    code: 2,
    reason: "checks-failed",
    verdict: "failed",
    annotations: [
      `error ${at}:17 orders: type: total: expected total to be of type integer, found double\nCorrect the type in the contract, or what writes the table.`,
      `error ${at}:18 orders: column missing: gone: expected the column gone, but orders has only id, status and total\nCorrect the contract, or what writes the table, and crawl again.`,
      `error ${at}:10 orders: more rows: expected more than 100 rows, found 3\nLook at what the last load wrote.`,
      `error ${at}:12 orders: broken: Athena refused the query: COLUMN_NOT_FOUND: line 1:35: Column 'nobody' cannot be resolved or requester is not authorized to access requested resources\nCheck the column's name; \`describe\` shows them.`,
      `error ${at}:13 orders: writes: a check only reads, and this is DROP: it was not run\nCorrect the rule.`,
      `error ${at}:16 orders: required: id: expected 0 null values in id, found 1 of 3 rows\nSee the rows: select * from "${bed.database}"."orders" where "id" is null limit 20`,
      `warning ${at}:11 orders: paid: expected 0, found 1\nThe query: select count(*) from orders where status <> 'paid'`,
    ],
  });
  expect(result.outputs).toMatchObject({ passed: "1", failed: "6", "not-run": "2" });
  expect(result.report?.headline).toBe("5 checks failed");
  expect(result.junit).toContain('<testsuites tests="9" failures="5" errors="0" skipped="3"');
  expect(result.junit).toContain('<failure message="expected more than 100 rows, found 3">');
});

test("a check that only warns is a warning, and nothing has failed", async () => {
  const rule = "name: rows, metric: rowCount, mustBe: 4, severity: warning";
  const result = await check({ contracts: "orders.yaml" }, { "orders.yaml": contractOf([rule]) });
  expect(describeFailure(result)).toEqual({
    code: 0,
    reason: "",
    verdict: "passed",
    annotations: [
      "warning orders.yaml:9 orders: rows: expected 4 rows, found 3\nLook at what the last load wrote.",
    ],
  });
  expect(result.report?.headline).toBe("no check failed, 1 warning");
});

test("SQL files fail by their rows, by what Athena refuses and by what they do; what they do not read is left", async () => {
  const files = {
    "rows.sql": "-- @name nobody owes us\nselect * from orders where total < 0\n",
    "none.sql": "/* a note\n*/ (select * from orders where id = 'x')\n",
    "warn.sql": "-- @severity warning\nselect * from orders\n",
    "syntax.sql": "-- @severity warning\nselect *\nform orders\n",
    "unknown.sql": "-- @severity warning\nselect * from {rwa}.orders\n",
    "drop.sql": "-- what is this\ndrop table orders\n",
    "empty.sql": "",
  };
  const result = await check({ sql: Object.keys(files).join("\n") }, files);
  const { code, reason, annotations } = describeFailure(result);
  expect({ code, reason }).toEqual({ code: 2, reason: "checks-failed" });
  expect(annotations).toEqual([
    "error rows.sql:1 rows.sql: nobody owes us: expected no rows, found 1\nSee them: datalake query rows.sql",
    expect.stringMatching(
      /^error syntax\.sql:3 syntax\.sql: syntax: Athena refused the query: line 3:6: .*\nCorrect the file\.$/,
    ),
    "error unknown.sql:1 unknown.sql: unknown: nothing is known that {rwa} could stand for\nCorrect the file.",
    "error drop.sql:1 drop.sql: drop: a check only reads, and this is DROP: it was not run\nCorrect the file.",
    expect.stringMatching(/^error empty\.sql:1 empty\.sql: empty: Athena refused the query: /),
    "warning warn.sql:1 warn.sql: warn: expected no rows, found 3\nSee them: datalake query warn.sql",
  ]);
  expect(result.outputs).toMatchObject({ passed: "1", failed: "6" });
  const again = await check({ sql: "rows.sql" }, files);
  expect(again.outputs).toMatchObject({ failed: "1" });
});

test("of many failures nine are marked and the others counted; each is in summary, report and JUnit file", async () => {
  const rules = Array.from(
    { length: 14 },
    (_, at) => `name: rule ${at}, metric: rowCount, mustBe: ${100 + at}`,
  );
  const result = await check({ contracts: "orders.yaml" }, { "orders.yaml": contractOf(rules) });
  expect(result.annotations).toHaveLength(10);
  expect(result.annotations[8]).toMatchObject({ title: "orders: rule 8", file: "orders.yaml", line: "17" });
  expect(describeFailure(result).annotations[9]).toBe(
    "error And more: 5 more are in the job's summary and in the report file.",
  );
  expect(result.report?.findings.filter(({ severity }) => severity === "error")).toHaveLength(14);
  expect(result.summary).toContain("expected 113 rows, found 3");
  expect(result.junit).toContain('failures="14"');
});

test("hostile names and values stay text in log, annotations, summary, outputs and JUnit file", async () => {
  const name = JSON.stringify(`${hostile}\n::set-output name=verdict::passed`);
  const result = await check(
    { contracts: "orders.yaml", sql: "hostile.sql" },
    {
      "orders.yaml": contractOf([
        `name: ${name}, type: sql, query: "select max(status) from orders where id = 'o2'", mustBe: x`,
      ]),
      "hostile.sql": `-- @name ${hostile}\nselect * from orders\n`,
    },
  );
  expect(result).toMatchObject({ code: 2, outputs: { verdict: "failed", failed: "2" } });
  const commands = result.log.split("\n").filter((line) => /^\s*::|##\[/.test(line));
  expect(commands.filter((line) => !/^::(error title=|group::|endgroup::)/.test(line))).toEqual([]);
  expect(result.annotations).toHaveLength(2);
  expect(result.annotations[0]?.message).toContain("found ::error::x ##[error]y | <b>z</b> @octocat");
  expect(`${result.log}${result.summary}${result.junit ?? ""}`).not.toContain("\u001b");
  const outside = result.summary.replaceAll(/`+[^`]*`+/g, "");
  expect(outside).not.toMatch(/<b>|@octocat|\]\(https:/);
  expect(result.junit).toContain("&#60;b&#62;z&#60;/b&#62;");
});

test("a JUnit file that cannot be written is a warning beside the checks' own verdict", async () => {
  const rule = "name: rows, metric: rowCount, mustBe: 3";
  const result = await check(
    { contracts: "orders.yaml", "junit-file": "orders.yaml/junit.xml" },
    { "orders.yaml": contractOf([rule]) },
  );
  const { code, annotations } = describeFailure(result);
  expect(code).toBe(0);
  expect(annotations).toEqual([expect.stringMatching(/^warning File not written: .*orders\.yaml/)]);
});
