import type { AuditSettings } from "../../src/audit/index.ts";

/** The account of the lake in these tests, one it trusts, and one it does not know. */
export const own = "111122223333";
export const trusted = "444455556666";
export const foreign = "999988887777";

/** A record as JSON. */
export type Json = Readonly<Record<string, unknown>>;

/** What the settings of a lake in use say. */
export const settings: AuditSettings = {
  account: own,
  accounts: [trusted],
  buckets: ["dl-raw", "dl-clean"],
  databases: ["dl-db"],
  workgroups: ["dl"],
  keys: ["lake-key", `arn:aws:kms:eu-west-1:${own}:key/lake-key`],
  deployRoles: ["dl-deploy"],
  runtimeRoles: ["dl-glue"],
  lakeAdmins: [`arn:aws:iam::${own}:role/dl-admin`],
  lakeRoles: ["dl-lakeformation"],
  crawlerRoles: ["dl-glue"],
  jobRoles: ["dl-glue"],
  jobSubmitters: ["dl-scheduler"],
  schedulers: ["dl-scheduler"],
  oidcSubjects: ["repo:acme/lake:*"],
  codePrefixes: ["s3://dl-code/*"],
  replicaBuckets: ["dl-replica"],
  resultBuckets: ["dl-results"],
  trailBuckets: ["dl-trail"],
  recordedBuckets: ["dl-raw"],
  privateSubnets: ["subnet-private"],
  runnerAddresses: ["10.0.*"],
  kmsRequired: true,
  maximumScanBytes: 1_000_000_000,
};

/** A session of a role of the lake's account. */
export function session(role: string, name = "session", address = "192.0.2.10"): Json {
  return {
    userIdentity: {
      type: "AssumedRole",
      arn: `arn:aws:sts::${own}:assumed-role/${role}/${name}`,
      accountId: own,
      accessKeyId: "ASIAEXAMPLE",
      sessionContext: { sessionIssuer: { type: "Role", arn: `arn:aws:iam::${own}:role/${role}` } },
    },
    sourceIPAddress: address,
  };
}

let made = 0;

/** A record of a call by a role of the lake, which CI and the lake's own roles are not. */
export function call(
  event: `${string}:${string}`,
  requestParameters: Json | null = null,
  more: Json = {},
): Json {
  const [source = "", eventName = ""] = event.split(":");
  made += 1;
  return {
    eventVersion: "1.09",
    eventID: `00000000-0000-4000-8000-${String(made).padStart(12, "0")}`,
    eventTime: "2026-11-02T10:00:00Z",
    eventSource: `${source}.amazonaws.com`,
    eventName,
    eventType: "AwsApiCall",
    eventCategory: "Management",
    managementEvent: true,
    readOnly: false,
    awsRegion: "eu-west-1",
    recipientAccountId: own,
    ...session("dl-glue"),
    requestParameters,
    ...more,
  };
}

/** A copy of a record with one field, `requestParameters.principal.id` or `steps.0.args`, set to another value or taken out. */
export function change(record: Json, path: string, value: unknown): Json {
  const copy = structuredClone(record) as Record<string, unknown>;
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  let part: Record<string, unknown> = copy;
  for (const key of keys) {
    const next = part[key];
    if (typeof next !== "object" || next === null) throw new Error(`${path} is not in the record`);
    part = next as Record<string, unknown>;
  }
  if (value === undefined) Reflect.deleteProperty(part, last);
  else part[last] = value;
  return { ...copy, eventID: `${String(copy["eventID"])}-changed` };
}

/** `count` copies of a record, so many seconds apart and each with an id of its own. */
export function repeat(record: Json, count: number, seconds: number): Json[] {
  const start = Date.parse(String(record["eventTime"]));
  return Array.from({ length: count }, (_, index) => ({
    ...record,
    eventID: `${String(record["eventID"])}-${index}`,
    eventTime: new Date(start + index * seconds * 1000).toISOString(),
  }));
}
