/**
 * How fast an audit goes through a million records, and how much memory it takes: `node bench/audit.ts [records]`. The records are in
 * a file of JSON lines, or packed as CloudTrail delivers them; one in a thousand hits a rule.
 */
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { auditRecords, readRecordFiles, type RecordSource } from "../src/audit/index.ts";

const count = Number(process.argv[2] ?? 1_000_000);
const account = "111122223333";
const calls = [
  ["glue", "GetTables", true, { databaseName: "dl-db" }],
  ["s3", "GetBucketLocation", true, { bucketName: "dl-raw", Host: "dl-raw.s3.eu-west-1.amazonaws.com" }],
  ["athena", "StartQueryExecution", false, { queryString: "SELECT 1", workGroup: "dl" }],
  ["elasticmapreduce", "DescribeCluster", true, { clusterId: "j-1" }],
  [
    "lakeformation",
    "GetDataAccess",
    true,
    { tableArn: `arn:aws:glue:eu-west-1:${account}:table/dl-db/orders` },
  ],
] as const;

function recordOf(number: number): string {
  const isHit = number % 1000 === 0;
  const [source, eventName, readOnly, requestParameters] = isHit
    ? (["s3", "DeleteBucketPolicy", false, { bucketName: `dl-${number % 50}` }] as const)
    : (calls[number % calls.length] ?? calls[0]);
  const id = number.toString(16).padStart(12, "0");
  const role = `dl-role-${number % 40}`;
  return JSON.stringify({
    eventVersion: "1.09",
    userIdentity: {
      type: "AssumedRole",
      principalId: `AROAEXAMPLE:session-${number % 300}`,
      arn: `arn:aws:sts::${account}:assumed-role/${role}/session-${number % 300}`,
      accountId: account,
      accessKeyId: `ASIA${number % 300}`,
      sessionContext: {
        sessionIssuer: { type: "Role", arn: `arn:aws:iam::${account}:role/${role}`, accountId: account },
        attributes: { creationDate: "2026-11-02T10:00:00Z", mfaAuthenticated: "false" },
      },
    },
    eventTime: new Date(1_793_000_000_000 + number * 80).toISOString(),
    eventSource: `${source}.amazonaws.com`,
    eventName,
    awsRegion: "eu-west-1",
    sourceIPAddress: `192.0.2.${number % 250}`,
    userAgent: "aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux#6.8 md/arch#x86_64 lang/python#3.13.7",
    ...(number % 500 === 1 ? { errorCode: "AccessDenied", errorMessage: "denied" } : {}),
    requestParameters,
    responseElements: null,
    requestID: `00000000-0000-4000-8000-${id}`,
    eventID: `00000000-0000-4000-9000-${id}`,
    readOnly,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: "Management",
    tlsDetails: { tlsVersion: "TLSv1.3", cipherSuite: "TLS_AES_128_GCM_SHA256" },
  });
}

function* logFile(): Generator<string> {
  yield '{"Records":[';
  for (let number = 0; number < count; number += 1) yield `${number === 0 ? "" : ","}${recordOf(number)}`;
  yield "]}";
}

function* lines(): Generator<string> {
  for (let number = 0; number < count; number += 1) yield `${recordOf(number)}\n`;
}

/** The rules alone, over records that are parsed: the same 10,000 again and again, with new ids. */
async function measureRules() {
  const records = Array.from(
    { length: 10_000 },
    (_, number) => JSON.parse(recordOf(number)) as { eventID: string },
  );
  // eslint-disable-next-line @typescript-eslint/require-await -- A source is asynchronous, and these records are at hand.
  async function* again() {
    for (let number = 0; number < count; number += 1) {
      const record = records[number % records.length];
      if (record === undefined) continue;
      record.eventID = `00000000-0000-4000-9000-${number.toString(16).padStart(12, "0")}`;
      yield record;
    }
  }
  return measure({
    records: again(),
    sight: () => ({ kinds: ["writes", "reads"], regions: undefined, cut: undefined }),
  });
}

async function measure(source: RecordSource) {
  const start = performance.now();
  const before = process.cpuUsage();
  const settings = { deployRoles: ["dl-role-1"], runtimeRoles: ["dl-role-*"] };
  const result = await auditRecords(source, settings, { now: Date.now() });
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  if (result.window.records !== count) throw new Error(`only ${result.window.records} records were read`);
  return {
    "records/s": Math.round(count / seconds),
    "records per processor second": Math.round((count * 1e6) / (user + system)),
    seconds: Number(seconds.toFixed(2)),
    "peak memory so far, MB": Math.round(process.resourceUsage().maxRSS / 1000),
    findings: result.findings.length,
  };
}

const folder = await mkdtemp(join(tmpdir(), "datalake-bench-"));
try {
  const plain = join(folder, "records.jsonl");
  const packed = join(folder, "records.json.gz");
  await pipeline(Readable.from(lines()), createWriteStream(plain));
  await pipeline(Readable.from(logFile()), createGzip({ level: 6 }), createWriteStream(packed));
  console.table({
    "rules alone": await measureRules(),
    "JSON lines": await measure(readRecordFiles(plain)),
    "packed log file": await measure(readRecordFiles(packed)),
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
