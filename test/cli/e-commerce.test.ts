import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import {
  AthenaClient,
  ListQueryExecutionsCommand,
  BatchGetQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { EMRClient, ListStepsCommand } from "@aws-sdk/client-emr";
import { GetCrawlerCommand, GlueClient } from "@aws-sdk/client-glue";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { localEnvironment } from "../../src/local/index.ts";
import { copyLake, type Answer, type LakeCopy } from "../support/lakes.ts";
import { createContext, region } from "../support/local-lake.ts";

const parts = ["lake.yaml", "templates", "queries", "sample-data", "contracts", "jobs"];
let lake: LakeCopy;
let first: { code: number | null; json: Answer };

beforeAll(async () => {
  lake = await copyLake(".", parts);
  first = await lake.ask("deploy --full");
}, 240_000);
afterAll(() => lake[Symbol.asyncDispose]());

/** The rows of a query, as objects of texts. */
async function rowsOf(sql: string): Promise<Record<string, string>[]> {
  const { stdout, stderr } = await lake.run(`query '${sql}' --format json`);
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, string>[];
}

/** What the AWS CLI prints, with the variables that `datalake local env` exports. */
async function aws(words: string): Promise<string> {
  const env = { ...process.env, ...localEnvironment(inject("localLake"), region, {}).set };
  return (await promisify(execFile)(join(dirname(inject("python")), "aws"), words.split(" "), { env }))
    .stdout;
}

test("the whole pipeline runs through, and every layer is there", async () => {
  expect(first.json.error).toBeUndefined();
  expect(first).toMatchObject({ code: 0, json: { verdict: "changed" } });
  const { json } = await lake.ask("status");
  expect(json["layers"]).toHaveLength(8);
  expect(json["layers"]).toSatisfy((layers: { status: string }[]) =>
    layers.every(({ status }) => status === "CREATE_COMPLETE"),
  );
});

test("counts close: what is in raw is in clean or in quarantine", async () => {
  const raw = (await readZone("raw")).filter(({ table }) => table !== "quarantine");
  const clean = new Map((await readZone("clean")).map(({ table, rows }) => [table, rows]));
  const rejected = new Map(
    (await rowsOf("SELECT source_table, count(*) AS n FROM {clean}.quarantine GROUP BY 1")).map((row) => [
      row["source_table"],
      Number(row["n"]),
    ]),
  );
  expect(raw.map(({ table }) => table).sort()).toEqual(["customers", "order_items", "orders", "products"]);
  for (const { table, rows } of raw)
    expect([table, rows]).toEqual([table, (clean.get(table) ?? 0) + (rejected.get(table) ?? 0)]);
});

/** Tables and their numbers of rows, counted by Athena. */
async function readZone(zone: string): Promise<{ table: string; rows: number }[]> {
  const { json } = await lake.ask("status");
  const tables = (json["tables"] as { zone: string; table: string }[]).filter((each) => each.zone === zone);
  return Promise.all(
    tables.map(async ({ table }) => {
      const [row] = await rowsOf(`SELECT count(*) AS n FROM {${zone}}.${table}`);
      return { table, rows: Number(row?.["n"]) };
    }),
  );
}

test("money sums to the cent from clean to analytics", async () => {
  const [sold] = await rowsOf(
    "SELECT sum(i.line_total) AS total FROM {clean}.order_items i JOIN {clean}.orders o ON i.order_id = o.order_id WHERE o.counts_as_revenue",
  );
  const [months] = await rowsOf("SELECT sum(revenue) AS total FROM {analytics}.monthly_revenue");
  const [products] = await rowsOf("SELECT sum(revenue) AS total FROM {analytics}.product_performance");
  const [customers] = await rowsOf(
    "SELECT sum(lifetime_value) AS total FROM {analytics}.customer_lifetime_value",
  );
  expect(sold?.["total"]).toMatch(/^\d+\.\d\d$/);
  expect([months, products, customers]).toEqual([sold, sold, sold]);
});

test("a second deploy makes no change set and says that nothing changed", async () => {
  const again = await lake.run("deploy --group infrastructure,catalog,compute,monitoring", {
    env: { DEBUG: "true" },
  });
  expect(again.code).toBe(0);
  expect(again.stdout).toContain("nothing changed in 8 layers");
  expect(again.stderr).not.toContain("CreateChangeSet");
  expect(again.stderr.match(/CloudFormation DescribeStacks/g)).toHaveLength(1);
});

test("the AWS CLI lists the buckets, reads a table and runs a query", async () => {
  expect(await aws("s3 ls")).toContain(`${lake.name}-raw-dev`);
  const table = JSON.parse(await aws(`glue get-table --database-name ${lake.name}-db --name orders`)) as {
    Table: { Name: string };
  };
  expect(table.Table.Name).toBe("orders");
  const started = JSON.parse(
    await aws(`athena start-query-execution --work-group ${lake.name}-workgroup --query-string SELECT(1)`),
  ) as { QueryExecutionId: string };
  expect(started.QueryExecutionId).not.toBe("");
});

test("two environments stand side by side, and destroying one leaves the other and the account as they were", async () => {
  const account = async () => [
    await aws("lakeformation get-data-lake-settings"),
    await aws("cloudtrail describe-trails"),
    (await lake.ask("status")).json["layers"],
  ];
  const before = await account();
  expect((await lake.ask("deploy -e pr-7")).json["layers"]).toHaveLength(4);
  expect((await lake.ask("upload sample-data raw/landing/ecommerce/ -e pr-7")).code).toBe(0);
  expect((await lake.ask("crawl raw -e pr-7")).json["crawls"]).toMatchObject([{ tables: { added: 4 } }]);
  expect((await lake.ask("destroy -e pr-7 --force --deep-clean")).json["deleted"]).toHaveLength(4);
  expect((await lake.ask("resources -e pr-7")).json["resources"]).toEqual([]);
  expect(await account()).toEqual(before);
  expect((await rowsOf("SELECT count(*) AS n FROM {clean}.orders"))[0]?.["n"]).toMatch(/^\d+$/);
}, 120_000);

test("a job that throws is told with the line of the script", async () => {
  await lake.write(
    "jobs/broken.py",
    "import sys\n\n\ndef work() -> None:\n    raise ValueError('no such luck')\n\n\nwork()\n",
  );
  const { code, json } = await lake.ask("submit jobs/broken.py");
  expect({ code, reason: json.error?.reason, place: json.error?.place }).toEqual({
    code: 1,
    reason: "job-failed",
    place: { file: "jobs/broken.py", line: 5 },
  });
  expect(json.error?.message).toContain("ValueError: no such luck");
}, 120_000);

test("too many rejected rows and an empty landing folder each fail the job with one clear sentence", async () => {
  const strict = await lake.ask("submit jobs/ecommerce_analytics.py -- --max-rejected 0");
  expect(strict).toMatchObject({ code: 1, json: { error: { reason: "job-failed" } } });
  expect(strict.json.error?.message).toContain("too many rejected rows");
  const empty = await lake.ask("submit jobs/ecommerce_analytics.py -- --source landing/nothing");
  expect(empty).toMatchObject({ code: 1, json: { error: { reason: "job-failed" } } });
  expect(empty.json.error?.message).toMatch(/landing.*nothing/);
}, 180_000);

test("an empty folder, SQL that does not parse and a contract naming a missing column each end with one sentence", async () => {
  await lake.write("nothing/.keep", "");
  expect((await lake.ask("upload nothing raw/landing/")).json.error?.reason).toBe("nothing-to-read");

  await lake.write("queries/bad.sql", "SELECT order_id\nFORM {clean}.orders\n");
  const sql = await lake.ask("query queries/bad.sql");
  expect(sql).toMatchObject({
    code: 1,
    json: { error: { reason: "query-failed", place: { file: "queries/bad.sql" } } },
  });

  const contract = (await readFile(join(lake.path, "contracts/clean/orders.yaml"), "utf8")).replace(
    "name: order_id",
    "name: order_number",
  );
  await lake.write("contracts/clean/orders.yaml", contract);
  const check = await lake.ask("check contracts/clean/orders.yaml");
  expect(check.code).toBe(2);
  const findings = check.json["findings"] as { why: string; place?: { file: string; line: number } }[];
  const missing = findings.find(({ why }) => why.includes("order_number"));
  expect(missing?.place?.file).toContain("contracts/clean/orders.yaml");
  expect(contract.split("\n")[(missing?.place?.line ?? 0) - 1]).toContain("order_number");
}, 60_000);

const interruptions = [
  { words: "crawl raw", when: /Glue StartCrawler \d+ ms/ },
  { words: "submit jobs/ecommerce_analytics.py", when: /EMR AddJobFlowSteps \d+ ms/ },
  {
    words: "query 'SELECT count(*) FROM {raw}.order_items a, {raw}.order_items b, {raw}.order_items c'",
    when: /Athena StartQueryExecution \d+ ms/,
  },
  { words: "upload sample-data raw/landing/ecommerce2/", when: /S3 ListObjectsV2 \d+ ms/ },
] as const;

test.each(interruptions)(
  "Ctrl-C in `$words` stops what was begun",
  async ({ words, when }) => {
    const result = await lake.run(words, { env: { DEBUG: "true" }, interrupt: { when, signal: "SIGINT" } });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("cancelled");
    expect(await runningNow()).toEqual([]);
  },
  60_000,
);

/** What still runs of the lake: crawls, steps and queries. */
async function runningNow(): Promise<string[]> {
  const { clients } = createContext();
  const crawler = await clients
    .use(GlueClient)
    .send(new GetCrawlerCommand({ Name: `${lake.name}-raw-crawler` }));
  const { json } = await lake.ask("resources");
  const cluster = (json["resources"] as { type: string; id: string }[]).find(
    ({ type }) => type === "AWS::EMR::Cluster",
  );
  const steps = await clients
    .use(EMRClient)
    .send(new ListStepsCommand({ ClusterId: cluster?.id, StepStates: ["PENDING", "RUNNING"] }));
  const athena = clients.use(AthenaClient);
  const listed = await athena.send(
    new ListQueryExecutionsCommand({ WorkGroup: `${lake.name}-workgroup`, MaxResults: 50 }),
  );
  const queries = await athena.send(
    new BatchGetQueryExecutionCommand({ QueryExecutionIds: listed.QueryExecutionIds }),
  );
  const states = (queries.QueryExecutions ?? []).map((query) => query.Status?.State ?? "");
  return [
    ...(crawler.Crawler?.State === "RUNNING" ? ["crawler"] : []),
    ...(steps.Steps ?? []).map((step) => `step ${step.Name ?? ""}`),
    ...states.filter((state) => state === "RUNNING" || state === "QUEUED").map((state) => `query ${state}`),
  ];
}

test("Ctrl-C in a deploy leaves nothing half-made", async () => {
  await using other = await copyLake(".", parts);
  for (const operation of ["CreateChangeSet", "DescribeChangeSet", "ExecuteChangeSet"]) {
    const when = new RegExp(`CloudFormation ${operation} \\d+ ms`);
    const result = await other.run("deploy", {
      env: { DEBUG: "true" },
      interrupt: { when, signal: "SIGINT" },
    });
    expect(result.code).toBe(1);
    const { json } = await other.ask("status");
    const statuses = (json["layers"] as { status: string }[]).map(({ status }) => status);
    expect(statuses.filter((status) => !["absent", "CREATE_COMPLETE"].includes(status))).toEqual([]);
  }
  expect((await other.ask("deploy")).code).toBe(0);
  expect((await other.ask("destroy --force --deep-clean")).code).toBe(0);
}, 120_000);
