import { DeleteDatabaseCommand, GetTablesCommand, GlueClient } from "@aws-sdk/client-glue";
import { DeleteBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { makeCrawlBed, type CrawlBed } from "../crawler/crawl-bed.ts";
import { describeFailure } from "./describe-failure.ts";
import { createContext } from "../support/local-lake.ts";
import { runAction, type ActionOptions, type ActionOutcome } from "../support/run-action.ts";
import { makeFolder } from "../support/temporary-lake.ts";

/** Runs the action in a workspace of these files. */
async function crawl(
  inputs: Readonly<Record<string, string>>,
  { files = {}, ...options }: Omit<ActionOptions, "cwd"> & { files?: Readonly<Record<string, string>> } = {},
): Promise<ActionOutcome> {
  await using folder = await makeFolder(files);
  return await runAction("run-crawler", inputs, { cwd: folder.path, ...options });
}

const head = "name: acme\nregion: ap-northeast-1\n";
const lake = `${head}environments: { dev: {} }\nlayers: {}\n`;

test.each([
  {
    what: "wrong inputs, all at once",
    inputs: { timeout: "soon", parameters: "nothing", comment: "maybe" },
    annotations: [
      'Invalid input: timeout: "soon" is no duration; allowed are forms like 45s, 15m, 2h, 1h30m',
      'Invalid input: parameters: "nothing" is no pair; write Key=value, a line each',
      'Invalid input: comment: "maybe" is no boolean; allowed are true and false',
    ],
  },
  {
    what: "no region",
    inputs: { crawler: "nobody" },
    variables: { AWS_REGION: "", AWS_DEFAULT_REGION: " " },
    annotations: [
      "Invalid input: region: is not given, and there is no lake file that says it\nGive the input `region`, or set AWS_REGION.",
    ],
  },
  {
    what: "a region that is none",
    inputs: { crawler: "nobody", region: "tokyo" },
    annotations: ['Invalid input: region: "tokyo" must be a region such as ap-northeast-1'],
  },
  {
    what: "a zone where no repository is checked out",
    inputs: { zones: "raw" },
    annotations: [
      'Invalid input: there is no zone "raw", as there is no lake file\nIn a workflow, check the repository out first; name a lake file that has another name by `lake`.',
    ],
  },
  {
    what: "a zone that the lake does not have",
    inputs: { zones: "rwa" },
    files: { "lake.yaml": lake },
    annotations: ['Invalid input: there is no zone "rwa"; there are raw, clean and analytics'],
  },
  {
    what: "a zone that is not deployed",
    inputs: { zones: "raw" },
    files: { "lake.yaml": lake },
    reason: "layer-not-deployed",
    annotations: [
      "Layer not deployed: the crawler of zone raw is not there yet\nRun `datalake deploy` first, or say where it is under `zones` in lake.yaml.",
    ],
  },
  {
    what: "nothing to crawl",
    inputs: {},
    reason: "layer-not-deployed",
    annotations: [
      "Layer not deployed: no zone has a crawler yet\nDeploy the layer that makes them, or name a crawler by the input `crawler`.",
    ],
  },
  {
    what: "mistakes in a lake file of a subfolder",
    inputs: { zones: "raw", lake: "infra/lake.yaml" },
    files: {
      "infra/lake.yaml": `${head}environments: { dev: {} }\nlayers: {}\nzones:\n  raw: { crwaler: x }\n`,
    },
    reason: "invalid-lake",
    places: ["infra/lake.yaml:6"],
  },
  {
    what: "the account of somebody else",
    inputs: { zones: "raw" },
    files: { "lake.yaml": `${head}environments:\n  dev: { account: "999999999999" }\nlayers: {}\n` },
    reason: "account-mismatch",
    code: 3,
    places: ["lake.yaml:4"],
  },
  {
    what: "a crawler that does not exist",
    inputs: { crawler: "nobody" },
    reason: "crawler-failed",
    annotations: [
      "Crawler failed: there is no crawler nobody in ap-northeast-1\nDeploy the layer that makes it, or check its name and the region.",
    ],
  },
  {
    what: "an endpoint where nothing answers",
    inputs: { crawler: "nobody" },
    variables: { AWS_ENDPOINT_URL: "http://127.0.0.1:1" },
    reason: "local-lake-down",
    annotations: [
      "Local lake down: nothing answers at the endpoint (connect ECONNREFUSED 127.0.0.1:1)\nStart the local lake (`datalake local start`, the action local-lake), or unset AWS_ENDPOINT_URL to reach AWS.",
    ],
  },
  {
    what: "no credentials",
    inputs: { crawler: "nobody" },
    variables: { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" },
    reason: "credentials-missing",
    annotations: [
      "Credentials missing: CredentialsProviderError: Could not load credentials from any providers\nSign in (`aws sso login`; in a workflow aws-actions/configure-aws-credentials), or use the local lake.",
    ],
  },
])("$what: told, and nothing is begun", async (mistake) => {
  const { inputs, files = {}, variables = {}, reason = "invalid-input", code = 1 } = mistake;
  const result = await crawl(inputs, { files, variables: { RUNNER_DEBUG: "1", ...variables } });
  expect(describeFailure(result)).toMatchObject({ code, reason, verdict: "failed" });
  if (mistake.annotations) {
    const expected = mistake.annotations.map((text) => `error ${text}`);
    expect(describeFailure(result).annotations).toEqual(expected);
  }
  const places = result.annotations.flatMap(({ file = "", line = "" }) => (file ? [`${file}:${line}`] : []));
  expect(places).toEqual(mistake.places ?? []);
  expect(result.report).toMatchObject({ verb: "run-crawler", verdict: "failed", failure: { reason } });
  expect(result.log).not.toContain("Glue StartCrawler");
  expect(result.outputs).not.toHaveProperty("tables-added");
  expect(result.post).toBe("");
});

test("a lake file that was named and is not there is missed, whatever the crawlers", async () => {
  const result = await crawl({ crawler: "nobody", lake: "infra/lake.yml" });
  const { reason, annotations } = describeFailure(result);
  expect(reason).toBe("invalid-lake");
  expect(annotations).toEqual([
    expect.stringMatching(/^error Invalid lake: there is no file \S+\/infra\/lake\.yml\nRun in the folder/),
  ]);
});

const orders = { "orders/a.csv": "id,total\n1,2.5\n2,3.5\n" };

async function tablesOf({ name }: CrawlBed): Promise<string[]> {
  const answer = await createContext()
    .clients.use(GlueClient)
    .send(new GetTablesCommand({ DatabaseName: name }));
  return (answer.TableList ?? []).map(({ Name = "" }) => Name);
}

test("of two crawls one fails: the other ends all the same, and the failure is told with its log", async () => {
  const context = createContext();
  const [good, bad] = await Promise.all([makeCrawlBed(orders, context), makeCrawlBed({}, context)]);
  await context.clients.use(S3Client).send(new DeleteBucketCommand({ Bucket: bad.name }));
  const files = { "lake.yaml": `${lake}zones: { raw: { crawler: ${good.name} } }\n` };
  const result = await crawl({ zones: "raw", crawler: bad.name }, { files });
  expect(describeFailure(result)).toMatchObject({
    code: 1,
    reason: "crawler-failed",
    annotations: [
      `error Crawler failed: crawler ${bad.name} failed: The specified bucket does not exist: ${bad.name}\nIts log is in CloudWatch, log group /aws-glue/crawlers, stream ${bad.name}.`,
    ],
  });
  expect(result.log).toMatch(new RegExp(`✓ crawl ${good.name}  1 table added`));
  expect(await tablesOf(good)).toEqual(["orders"]);
  expect(result.post).toBe("");
});

test("two crawls that fail are both told, each with its log", async () => {
  const context = createContext();
  const beds = await Promise.all([makeCrawlBed(orders, context), makeCrawlBed(orders, context)]);
  for (const { name } of beds)
    await context.clients.use(GlueClient).send(new DeleteDatabaseCommand({ Name: name }));
  const result = await crawl({ crawler: beds.map(({ name }) => name).join("\n") });
  const { code, reason, annotations } = describeFailure(result);
  expect({ code, reason }).toEqual({ code: 1, reason: "crawler-failed" });
  expect(result.report?.headline).toBe("2 of 2 crawls failed");
  const texts = beds.map(({ name }) => `crawler ${name} failed: .+\nIts log is in .+, stream ${name}\\.`);
  expect(annotations).toHaveLength(2);
  for (const [at, text] of texts.entries())
    expect(annotations[at]).toMatch(new RegExp(`^error Crawler failed: ${text}$`));
});

test("a crawl that goes well says what it changed, and a second one that nothing did", async () => {
  const bed = await makeCrawlBed(orders, createContext());
  const first = await crawl({ crawler: bed.name });
  expect(first).toMatchObject({ code: 0, annotations: [], post: "" });
  expect(first.outputs).toMatchObject({ "tables-added": "1", "tables-updated": "0", "tables-deleted": "0" });
  expect(first.outputs).toMatchObject({ verdict: "passed", "failure-reason": "" });
  const second = await crawl({ crawler: bed.name });
  expect(second.outputs).toMatchObject({ "tables-added": "0", "tables-updated": "0", "tables-deleted": "0" });
  expect(second.log).toContain("no table changed");
});
