import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  auditRecords,
  makeMask,
  maskData,
  readRecordFiles,
  readSuppressions,
  renderAuditSarif,
  rules,
  toFindings,
  type AuditResult,
} from "../../src/audit/index.ts";
import { sourceOf } from "./judge-cases.ts";
import { cases } from "./cases.ts";
import { call, change, own, repeat, session, settings } from "./records.ts";

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/cloudtrail/${name}`, import.meta.url));
const audit = (records: Iterable<unknown>, more: Partial<Parameters<typeof auditRecords>[2]> = {}) =>
  auditRecords(sourceOf(records), settings, { now: 0, ...more });
const outcomeOf = (result: AuditResult, rule: string) => result.outcomes.find((each) => each.rule === rule);
const listed = ({ findings }: AuditResult) =>
  findings
    .map(({ severity, rule, resource, count }) => `${severity} ${rule} ${resource ?? "-"} ${count}`)
    .sort();

test("real records of an attack come out as what it did", async () => {
  const source = readRecordFiles(fixture("invictus-aws_dataset.MIT.json"));
  const result = await auditRecords(source, {}, { now: 0 });
  expect(result.window).toEqual({
    records: 52,
    duplicates: 0,
    unreadable: 0,
    first: "2023-07-10T11:54:39.000Z",
    last: "2023-07-10T12:29:18.000Z",
    cut: undefined,
  });
  expect(listed(result)).toEqual([
    "critical iam-trust-opened stratus-red-team-backdoor-r-role 1",
    "critical s3-bucket-deleted stratus-red-team-ctes-bucket-qyxyekjbtk 1",
    "critical s3-lifecycle-short-expiry stratus-red-team-ctlr-bucket-zqfsvooxqj 1",
    "critical trail-stopped stratus-red-team-ctlr-trail-zqfsvooxqj 1",
    "high console-no-mfa - 1",
    "high iam-access-key stratus-red-team-backdoor-u-user 1",
    "high iam-access-key stratus-red-team-nmfalu-gfjyeaypjt 1",
    "high iam-admin-granted malicious-iam-user 1",
    "high s3-policy-removed stratus-red-team-bdbp-lhfzvgcamn 1",
    "high trail-selectors-narrowed stratus-red-team-ctes-trail-qyxyekjbtk 1",
  ]);
  expect(outcomeOf(result, "s3-mass-delete")).toMatchObject({ outcome: "not visible" });
  expect(outcomeOf(result, "kms-key-loss")).toMatchObject({ outcome: "clean" });
  const ada = result.activity.missing.find(({ principal }) => principal.endsWith(":user/bert-jan"));
  expect(ada?.policy.Statement).toEqual([
    {
      Effect: "Allow",
      Action: ["sts:AssumeRole"],
      Resource: [
        "arn:aws:iam::123837392027:role/stratus-red-team-ec2-get-password-data-role",
        "arn:aws:iam::123837392027:role/stratus-red-team-leave-org-role",
      ],
    },
    { Effect: "Allow", Action: ["ce:GetCostAndUsage", "ce:GetCostForecast"], Resource: ["*"] },
  ]);
});

test("real denied calls, whose parameters CloudTrail leaves out, are found by what their messages name", async () => {
  const result = await auditRecords(readRecordFiles(fixture("traildiscover.CC-BY-4.0.json")), {}, { now: 0 });
  expect(listed(result)).toEqual([
    "high trail-stopped arn:aws:cloudtrail:us-east-1:192374575148:trail/TrailDiscover 1",
    "medium glue-dev-endpoint - 1",
    "medium glue-dev-endpoint arn:aws:glue:us-east-1:192374575148:devEndpoint/TrailDiscover 1",
  ]);
});

test("real data events make the rules on data visible, and no others", async () => {
  const result = await auditRecords(readRecordFiles(fixture("otrf-s3-data-events.MIT.json")), {}, { now: 0 });
  expect(result.findings).toEqual([]);
  const clean = result.outcomes.filter(({ outcome }) => outcome === "clean").map(({ rule }) => rule);
  expect(clean).toEqual(["s3-mass-delete", "s3-foreign-key-rewrite"]);
});

const removal = call("s3:DeleteBucketPolicy", { bucketName: "dl-raw", policy: "" });

test("hits of one principal on one resource are one finding with its events, each counted once", async () => {
  const three = repeat(removal, 30, 60);
  const other = { ...removal, ...session("stranger"), eventID: "other" };
  const { findings, window } = await audit([...three, ...three, other], {
    rules: rules.filter(({ id }) => id === "s3-policy-removed"),
  });
  expect(window).toMatchObject({ records: 31, duplicates: 30 });
  expect(findings).toHaveLength(2);
  expect(findings[0]).toMatchObject({ severity: "critical", principal: `arn:aws:iam::${own}:role/stranger` });
  expect(findings[1]).toMatchObject({ severity: "high", count: 30, first: "2026-11-02T10:00:00.000Z" });
  expect(findings[1]?.events).toHaveLength(20);
});

test("a flood of resources stays one list of bounded length", async () => {
  const records = Array.from({ length: 3000 }, (_, index) =>
    change(removal, "requestParameters.bucketName", `bucket-${index}`),
  ).map((record, index) => ({ ...record, eventID: `flood-${index}` }));
  const result = await auditRecords(sourceOf(records), {}, { now: 0 });
  expect(result.findings).toHaveLength(1001);
  expect(result.findings.reduce((sum, { count }) => sum + count, 0)).toBe(3000);
});

test("the own run weighs less, and what it did is told apart", async () => {
  const run = { ...settings, runSessions: ["run-7"] };
  const own7 = { ...removal, ...session("dl-deploy", "run-7") };
  const own8 = { ...removal, ...session("dl-deploy", "run-8"), eventID: "8" };
  const result = await auditRecords(sourceOf([own7, own8]), run, { now: 0 });
  expect(result.findings.map(({ severity, count }) => [severity, count])).toEqual([["high", 2]]);
  const [alone] = (await auditRecords(sourceOf([own7]), run, { now: 0 })).findings;
  expect(alone?.severity).toBe("medium");
  expect(result.activity.writes).toEqual([{ call: "s3:DeleteBucketPolicy", count: 1 }]);
});

test("nothing is clean where nobody could look", async () => {
  const blind = { ...sourceOf([]), sight: () => ({ kinds: undefined, regions: undefined, cut: undefined }) };
  const empty = await auditRecords(blind, settings, { now: 0 });
  expect(new Set(empty.outcomes.map(({ outcome }) => outcome))).toEqual(new Set(["not visible"]));
  const cut = {
    ...sourceOf([removal]),
    sight: () => ({ ...sourceOf([]).sight(), cut: "2 pages were read" }),
  };
  const part = await auditRecords(cut, settings, { now: 0 });
  expect(outcomeOf(part, "kms-key-loss")?.because).toBe("the window was cut: 2 pages were read");
  const here = { ...sourceOf([]), sight: () => ({ ...sourceOf([]).sight(), regions: ["eu-west-1"] }) };
  const local = await auditRecords(here, settings, { now: 0 });
  expect(outcomeOf(local, "iam-access-key")?.outcome).toBe("not visible");
  expect(outcomeOf(local, "s3-policy-public")?.outcome).toBe("clean");
});

test("a rule that the settings leave without an answer says which", async () => {
  const crawler = call("glue:CreateCrawler", { name: "raw", role: "other" });
  const result = await auditRecords(sourceOf([crawler]), {}, { now: 0 });
  expect(outcomeOf(result, "glue-crawler-role-or-target-changed")).toMatchObject({
    outcome: "not visible",
    because:
      "1 call could not be judged: records and settings do not say whether role is not among crawlerRoles",
  });
  const tooLarge = change(crawler, "requestParameters", {
    omitted: true,
    reason: "requestParameters too large",
  });
  const unread = await audit([tooLarge]);
  expect(outcomeOf(unread, "glue-crawler-role-or-target-changed")?.outcome).toBe("not visible");
});

const suppressions = `suppressions:
  - rule: s3-policy-removed
    principal: "*:role/dl-glue"
    resource: dl-*
    owner: data-team
    expires: 2026-12-31
  - { rule: kms-key-loss, owner: ada, expires: 2026-12-31 }
`;

test("a suppression covers its findings up to its day, and is told afterwards", async () => {
  const given = readSuppressions("audit.yaml", suppressions);
  const before = await audit([removal], { suppressions: given, now: Date.parse("2026-12-31T23:00:00Z") });
  expect(before.findings[0]?.suppressed).toEqual({
    owner: "data-team",
    reason: undefined,
    expires: "2026-12-31",
  });
  expect(before.unused.map(({ rule }) => rule)).toEqual(["kms-key-loss"]);
  expect(toFindings(before)).toEqual([]);
  const after = await audit([removal], { suppressions: given, now: Date.parse("2027-01-01T00:00:00Z") });
  expect(after.findings[0]?.suppressed).toBeUndefined();
  expect(toFindings(after).map(({ title }) => title)).toEqual([
    "Bucket policy deleted (s3-policy-removed)",
    "suppression expired: s3-policy-removed",
    "suppression expired: kms-key-loss",
  ]);
});

test("mistakes of a suppressions file are told together, with their lines", () => {
  const text = "suppressions:\n  - rule: nothing\n    owner: ada\n    expires: soon\n";
  expect(() => readSuppressions("audit.yaml", text)).toThrow(
    expect.objectContaining({
      reason: "invalid-input",
      mistakes: [
        expect.objectContaining({ place: expect.objectContaining({ line: 2 }) as unknown }),
        expect.objectContaining({ place: expect.objectContaining({ line: 4 }) as unknown }),
      ] as unknown,
    }),
  );
});

test("accounts, addresses and keys are masked everywhere, the same one always the same way", async () => {
  const key = "AKIAIOSFODNN7EXAMPLE";
  const record = { ...removal, ...session("stranger", key, "2001:db8::1") };
  const result = maskData(await audit([record]), makeMask());
  const text = JSON.stringify([result, toFindings(result)]);
  for (const secret of [own, key, "2001:db8::1", "192.0.2.10"]) expect(text).not.toContain(secret);
  expect(text).toContain("arn:aws:iam::<account 1>:role/stranger");
  expect(result.findings[0]?.events).toEqual([removal["eventID"]]);
  expect(makeMask()("10.0.0.1 and 10.0.0.2 and 10.0.0.1")).toBe(
    "<address 1> and <address 2> and <address 1>",
  );
});

test("SARIF has what its schema and GitHub require", async () => {
  const given = readSuppressions("audit.yaml", suppressions);
  const result = await audit([removal, { ...removal, ...session("stranger"), eventID: "other" }], {
    suppressions: given,
  });
  const log = JSON.parse(renderAuditSarif(result)) as {
    version: string;
    runs: {
      tool: { driver: { name: string; rules: { id: string; shortDescription: { text: string } }[] } };
      invocations: { executionSuccessful: boolean }[];
      results: Record<string, unknown>[];
    }[];
  };
  expect(log.version).toBe("2.1.0");
  const [run] = log.runs;
  expect(run?.tool.driver.name).not.toBe("");
  expect(run?.invocations[0]?.executionSuccessful).toBe(true);
  expect(run?.results).toHaveLength(result.findings.length);
  const prints = new Set<unknown>();
  for (const each of run?.results ?? []) {
    expect(run?.tool.driver.rules[Number(each["ruleIndex"])]?.id).toBe(each["ruleId"]);
    expect(["error", "warning", "note"]).toContain(each["level"]);
    expect(each["message"]).toEqual({ text: expect.any(String) as unknown });
    expect(each["locations"]).toMatchObject([
      { physicalLocation: { artifactLocation: { uri: "lake.yaml" } } },
    ]);
    prints.add(JSON.stringify(each["partialFingerprints"]));
  }
  expect(prints.size).toBe(result.findings.length);
  const suppressed = run?.results.filter((each) => each["suppressions"] !== undefined);
  expect(suppressed?.map((each) => each["ruleId"])).toEqual(["s3-policy-removed"]);
});

const names = [...new Set(rules.flatMap(({ checks }) => checks.flatMap(({ names: some = [] }) => some)))];
const sources = [...new Set(rules.flatMap(({ checks }) => checks.flatMap((check) => check.sources ?? [])))];
const shape = fc.record(
  {
    eventName: fc.oneof(fc.constantFrom(...names), fc.jsonValue()),
    eventSource: fc.oneof(fc.constantFrom(...sources.map((each) => `${each}.amazonaws.com`)), fc.jsonValue()),
    eventTime: fc.oneof(fc.constant("2026-11-02T10:00:00Z"), fc.string(), fc.jsonValue()),
    eventID: fc.oneof(fc.uuid(), fc.jsonValue()),
    errorCode: fc.oneof(fc.constant("AccessDenied"), fc.jsonValue()),
    errorMessage: fc.jsonValue(),
    userIdentity: fc.oneof(
      fc.record({ type: fc.jsonValue(), arn: fc.jsonValue(), sessionContext: fc.jsonValue() }),
      fc.jsonValue(),
    ),
    requestParameters: fc.jsonValue(),
    responseElements: fc.jsonValue(),
    additionalEventData: fc.jsonValue(),
    resources: fc.jsonValue(),
    recipientAccountId: fc.jsonValue(),
    readOnly: fc.jsonValue(),
    managementEvent: fc.jsonValue(),
  },
  { requiredKeys: [] },
);

test("no shape of a record stops an audit", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(shape, fc.jsonValue()), { maxLength: 20 }), async (records) => {
      const result = await audit(records);
      const { records: read, duplicates, unreadable } = result.window;
      expect(read + duplicates + unreadable).toBe(records.length);
      renderAuditSarif(maskData(result, makeMask()));
    }),
    { numRuns: 500 },
  );
});

/** Every path in a value: `a`, `a.b`, `a.0`. */
function pathsOf(value: unknown, before = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    const path = before === "" ? key : `${before}.${key}`;
    return [path, ...pathsOf(part, path)];
  });
}

test("no field of a record that a rule looks at stops an audit, whatever is in it", async () => {
  const records = Object.values(cases).flatMap((some) => some.flatMap((each) => each.records.slice(0, 1)));
  const places = records.flatMap((record) => pathsOf(record).map((path) => [record, path] as const));
  const values = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(null, 1e308, -0, "", [[]], { omitted: true }, "%E0%A4%A", '{"Statement":[null,[],"*"]}'),
    fc.constant({
      Statement: { Effect: "Allow", Principal: { AWS: [null, 1] }, Condition: { StringLike: 1 } },
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), values, async ([record, path], value) => {
      const result = await audit([change(record, path, value)]);
      expect(result.window.records + result.window.unreadable).toBe(1);
    }),
    { numRuns: 3000 },
  );
});
