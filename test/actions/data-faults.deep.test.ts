import { EMRClient, ListClustersCommand, ListStepsCommand, type StepState } from "@aws-sdk/client-emr";
import { GetCrawlerCommand, GlueClient } from "@aws-sdk/client-glue";
import { describe, expect, test } from "vitest";
import type { FaultRule } from "../../src/local/index.ts";
import { makeTable, makeWorkgroup } from "../athena/athena-bed.ts";
import { makeCrawlBed, slowFiles } from "../crawler/crawl-bed.ts";
import { makeBucket, makeCluster, shape } from "../spark/emr-bed.ts";
import { createContext } from "../support/local-lake.ts";
import { runAction, type ActionOptions, type ActionOutcome } from "../support/run-action.ts";
import { makeFolder } from "../support/temporary-lake.ts";
import { expectFailure, type ExpectedFailure } from "./expect-failure.ts";
import { addFault } from "./faults.ts";

/** A fault, and how the action fails by it; without that, it is survived. */
interface Trouble {
  readonly rule: FaultRule;
  readonly failure?: ExpectedFailure;
}

const once = { count: 1 } as const;
const debug = { RUNNER_DEBUG: "1" };

/** How a call is refused. */
const denied = (action: string): ExpectedFailure => ({
  reason: "access-denied",
  title: "AWS denied access",
  says: new RegExp(`is not authorized to perform: ${action} .*\nGive the role that runs this the permission`),
});

function expectEnd(result: ActionOutcome, failure: ExpectedFailure | undefined): void {
  if (failure) expectFailure(result, failure);
  else expect(result, result.log).toMatchObject({ code: 0, annotations: [] });
}

describe.concurrent("run-crawler", () => {
  const orders = { "orders/a.csv": "id,total\n1,2.5\n2,3.5\n" };
  const glue = (operation: string, rule: Partial<FaultRule> & Pick<FaultRule, "kind">) =>
    ({ service: "glue", operation, ...rule }) as const;

  /** Crawls these files while the fault is in force for this crawler. */
  async function crawl(
    rule: FaultRule,
    files: Parameters<typeof makeCrawlBed>[0],
    options: Partial<ActionOptions> = {},
  ) {
    const { name } = await makeCrawlBed(files, createContext());
    await addFault({ ...rule, resource: name });
    await using folder = await makeFolder({});
    const settings = { cwd: folder.path, variables: debug, ...options };
    return { name, ...(await runAction("run-crawler", { crawler: name }, settings)) };
  }

  test.each<Trouble>([
    { rule: glue("GetCrawler", { kind: "throttling", count: 2 }) },
    { rule: glue("GetCrawler", { kind: "truncated", ...once }) },
    { rule: glue("StartCrawler", { kind: "reset", ...once }) },
    { rule: glue("StartCrawler", { kind: "unavailable", count: 2 }) },
    { rule: glue("StartCrawler", { kind: "access-denied" }), failure: denied("glue:StartCrawler") },
    {
      rule: glue("StartCrawler", { kind: "internal-error" }),
      failure: {
        reason: "aws-error",
        title: "AWS failed",
        says: /^InternalFailure: .*\nAWS went on failing after 8 attempts; run the same command again later\.$/,
      },
    },
    {
      rule: glue("GetCrawler", { kind: "expired-token" }),
      failure: {
        reason: "credentials-missing",
        title: "Credentials missing",
        says: "ExpiredTokenException: The security token included in the request is expired\nSign in",
      },
    },
  ])("$rule.kind in $rule.operation", async ({ rule, failure }) => {
    const result = await crawl(rule, orders);
    expectEnd(result, failure);
    expect(result.outputs["tables-added"]).toBe(failure ? undefined : "1");
  });

  test("cancelled while AWS goes on refusing, the action ends at once and tells it", async () => {
    const rule = glue("GetCrawler", { kind: "throttling" });
    const result = await crawl(rule, {}, { cancel: /^crawl crawl-\w+ …$/m });
    expectFailure(result, { reason: "cancelled", title: "Cancelled", says: "the run was cancelled" });
  });

  test("a summary that may not be read is no failure, and no zero", async () => {
    const result = await crawl(glue("ListCrawls", { kind: "access-denied" }), orders);
    expectEnd(result, undefined);
    expect(result.outputs).toMatchObject({ "tables-added": "", "tables-updated": "", "tables-deleted": "" });
  });

  test("a crawl whose start was answered to nobody is ours all the same, and stopped by our cancel", async ({
    expect,
  }) => {
    const lost = glue("StartCrawler", { kind: "lost-answer", ...once });
    const cancel = /StartCrawler \d+ ms CrawlerRunningException \(2 attempts\)[\s\S]+GetCrawler/;
    const { name, log, outputs } = await crawl(lost, slowFiles(20), { cancel });
    expect(outputs["failure-reason"]).toBe("cancelled");
    expect(log).toContain(`crawler ${name} was told to stop`);
    const look = () =>
      createContext()
        .clients.use(GlueClient)
        .send(new GetCrawlerCommand({ Name: name }));
    await expect
      .poll(async () => (await look()).Crawler?.LastCrawl?.Status, { timeout: 30_000 })
      .toBe("CANCELLED");
  });
});

describe.concurrent("run-emr-job", () => {
  /** Runs a job, if no other then one that fails at once as its script is nowhere, while the fault is in force. */
  async function submit(rule: FaultRule, inputs: Readonly<Record<string, string>> = {}) {
    const context = createContext();
    const bucket = await makeBucket(context);
    const cluster = await makeCluster(bucket, context);
    const { Instances, ...rest } = shape(bucket);
    const Properties = { ...rest, Instances: { MasterInstanceGroup: Instances.InstanceGroups[0] } };
    await using folder = await makeFolder({
      "lake.yaml":
        "name: acme\nregion: ap-northeast-1\nenvironments: { dev: {} }\nlayers: { compute: { template: emr.json } }\n",
      "endless.py": "import time\ntime.sleep(600)\n",
      "emr.json": JSON.stringify({ Resources: { Cluster: { Type: "AWS::EMR::Cluster", Properties } } }),
    });
    await addFault({ ...rule, resource: `*${rule.operation === "RunJobFlow" ? bucket : cluster}*` });
    const settings = { cwd: folder.path, variables: debug };
    const usual = { script: `s3://${bucket}/no.py`, scripts: `s3://${bucket}/scripts/`, cluster };
    const result = await runAction("run-emr-job", { ...usual, ...inputs }, settings);
    return { bucket, cluster, result };
  }

  const emr = () => createContext().clients.use(EMRClient);
  async function stepsOf(id: string): Promise<(StepState | undefined)[]> {
    const { Steps = [] } = await emr().send(new ListStepsCommand({ ClusterId: id }));
    return Steps.map((step) => step.Status?.State);
  }
  const failed = {
    reason: "job-failed",
    title: "Job failed",
    says: /^job no\.py failed: The file s3:\S+ does not exist\.\n/,
  } as const;

  test.each<Trouble>([
    { rule: { service: "emr", operation: "DescribeStep", kind: "throttling", count: 2 }, failure: failed },
    {
      rule: { service: "emr", operation: "AddJobFlowSteps", kind: "access-denied" },
      failure: denied("elasticmapreduce:AddJobFlowSteps"),
    },
  ])("$rule.kind in $rule.operation", async ({ rule, failure }) => {
    const { cluster, result } = await submit(rule);
    expectEnd(result, failure);
    expect(await stepsOf(cluster)).toHaveLength(failure === failed ? 1 : 0);
  });

  const endless = { script: "endless.py", timeout: "0s" };
  const impatient = {
    code: 4,
    reason: "timed-out",
    title: "Timed out",
    says: /^step s-\w+ of cluster/,
  } as const;

  test("a job whose submission was answered to nobody is not run twice", async ({ expect }) => {
    const lost = { service: "emr", operation: "AddJobFlowSteps", kind: "lost-answer", ...once } as const;
    const { cluster, result } = await submit(lost, endless);
    expectEnd(result, impatient);
    expect(result.log).toMatch(/AddJobFlowSteps \d+ ms \(2 attempts\)/);
    await expect.poll(() => stepsOf(cluster), { timeout: 30_000 }).toEqual(["CANCELLED", "CANCELLED"]);
  });

  test("a cluster whose start was answered to nobody is ended with its job", async ({ expect }) => {
    const lost = { service: "emr", operation: "RunJobFlow", kind: "lost-answer", ...once } as const;
    const { bucket, result } = await submit(lost, { ...endless, transient: "true" });
    expectEnd(result, impatient);
    expect(result.log).toMatch(/RunJobFlow \d+ ms \(2 attempts\)/);
    const clusters = async () => {
      const { Clusters = [] } = await emr().send(new ListClustersCommand({}));
      return Clusters.filter(({ Name }) => Name === `${bucket}-job`).map(({ Status }) => Status?.State);
    };
    await expect.poll(clusters, { timeout: 30_000 }).toEqual(["TERMINATED", "TERMINATED"]);
  });
});

describe.concurrent("athena-check", () => {
  const contract =
    'apiVersion: v3.1.0\nkind: DataContract\nid: orders\nversion: "1"\nstatus: active\nschema:\n' +
    "  - name: orders\n    quality: [{ metric: rowCount, mustBe: 1 }]\n";

  test.each<Trouble>([
    { rule: { service: "athena", operation: "StartQueryExecution", kind: "throttling", ...once } },
    { rule: { service: "athena", operation: "StartQueryExecution", kind: "lost-answer", ...once } },
    { rule: { service: "glue", operation: "GetTable", kind: "internal-error", count: 2 } },
    {
      rule: { service: "athena", operation: "StartQueryExecution", kind: "access-denied" },
      failure: denied("athena:StartQueryExecution"),
    },
    {
      rule: { service: "glue", operation: "GetTable", kind: "access-denied" },
      failure: denied("glue:GetTable"),
    },
  ])("$rule.kind in $rule.operation: one query, or none", async ({ rule, failure }) => {
    const context = createContext();
    const { workgroup, database, queries } = await makeWorkgroup(context);
    const place = { workgroup: "primary", database, outputLocation: `s3://${database}/results/` };
    await makeTable({ name: "orders", columns: "id string", rows: ["o1"] }, place, context);
    await addFault({ ...rule, resource: workgroup });
    await using folder = await makeFolder({ "orders.yaml": contract });
    const inputs = { contracts: "orders.yaml", workgroup, database };
    const result = await runAction("athena-check", inputs, { cwd: folder.path, variables: debug });
    expectEnd(result, failure);
    expect((await queries()).map(({ Status }) => Status?.State)).toEqual(failure ? [] : ["SUCCEEDED"]);
  });
});
