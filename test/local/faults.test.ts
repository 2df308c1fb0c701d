import { GetDatabasesCommand, GlueClient, StartCrawlerCommand } from "@aws-sdk/client-glue";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { createClients, silentHost } from "../../src/core/index.ts";
import {
  addFaults,
  clearFaults,
  faultKinds,
  listFaults,
  readFaultFile,
  startLocalLake,
  stopLocalLake,
  type LocalLake,
} from "../../src/local/index.ts";
import { createContext, region, runDatalake, type CommandResult } from "../support/local-lake.ts";
import { makeFolder, type TemporaryFolder } from "../support/temporary-lake.ts";

const { signal } = new AbortController();

// A local lake of its own: on the shared one, faults would hit other tests.
let folder: TemporaryFolder;
let lake: LocalLake;

beforeAll(async () => {
  folder = await makeFolder({});
  const request = { directory: folder.path, python: inject("python"), variables: process.env };
  lake = await startLocalLake(request, createContext());
});

afterEach(async () => {
  await clearFaults(lake, undefined, signal);
});

afterAll(async () => {
  await stopLocalLake(folder.path, createContext());
  await folder[Symbol.asyncDispose]();
});

function runFault(...words: string[]): Promise<CommandResult> {
  return runDatalake(["local", "fault", ...words], { cwd: folder.path });
}

/** The client that every verb has, with its retries, at this test's local lake. */
function connectGlue(): GlueClient {
  const credentials = { accessKeyId: "local-lake", secretAccessKey: "local-lake" };
  return createClients({ region, endpoint: lake.endpoint, credentials }, silentHost).use(GlueClient);
}

test("a rule that was added refuses calls, is listed with its hits, and is gone once cleared", async () => {
  const call = new StartCrawlerCommand({ Name: "raw" });
  const words = ["--service", "glue", "--operation", "StartCrawler", "--kind", "access-denied"];
  const added = await runFault("add", ...words);
  expect(added).toMatchObject({ code: 0, stderr: "" });
  expect(added.stdout).toMatch(/access-denied {2}glue:StartCrawler .*\n\n1 rule put in force\n$/s);

  await expect(connectGlue().send(call)).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: expect.stringContaining(
      "is not authorized to perform: glue:StartCrawler on resource: arn:",
    ) as string,
  });
  const [fault] = await listFaults(lake, signal);
  expect(fault).toMatchObject({ service: "glue", operation: "StartCrawler", matched: 1, hits: 1 });
  const listed = await runFault("list", "--json");
  expect(JSON.parse(listed.stdout)).toMatchObject({ verb: "local fault list", faults: [fault] });

  const cleared = await runFault("clear", String(fault?.id));
  expect(cleared.stdout).toContain("1 rule taken out of force");
  await expect(connectGlue().send(call)).rejects.toMatchObject({ name: "EntityNotFoundException" });
});

test("every option reaches the local lake, and is told", async () => {
  const words =
    "--service s3 --kind throttling --operation Get* --resource raw/ --count 4 --rate 25% --seed 7";
  const { stdout } = await runFault("add", ...words.split(" "), "--delay", "20", "--internal");
  expect(stdout).toContain("throttling after 20 ms  s3:Get*, internal too  raw/");
  expect(stdout).toContain("4 times at 25% of calls (seed 7)");
  const [fault] = await listFaults(lake, signal);
  expect(fault).toEqual({
    id: fault?.id,
    service: "s3",
    kind: "throttling",
    operation: "Get*",
    resource: "raw/",
    count: 4,
    rate: 0.25,
    seed: 7,
    delay: 20,
    internal: true,
    matched: 0,
    hits: 0,
  });
});

const temporary = [
  "throttling",
  "internal-error",
  "unavailable",
  "reset",
  "truncated",
  "lost-answer",
] as const;

test.each(temporary)("the library's clients ride out %s", async (kind) => {
  await addFaults(lake, [{ service: "glue", kind, count: 2 }], signal);
  const answer = await connectGlue().send(new GetDatabasesCommand({}));
  expect(answer.DatabaseList).toEqual([]);
  expect(await listFaults(lake, signal)).toMatchObject([{ kind, matched: 2, hits: 2 }]);
});

test("the library knows every kind that the local lake knows", async () => {
  const rules = faultKinds.map((kind) => ({ service: "*", kind, delay: 1, operation: "Never" }));
  expect(await addFaults(lake, rules, signal)).toHaveLength(faultKinds.length);
  const answer = await fetch(`${lake.endpoint}/_local-lake/faults`, { method: "POST", body: "{}" });
  expect(await answer.text()).toContain(`one of ${faultKinds.join(", ")}`);
});

test("a file of rules is put in force as a whole", async () => {
  const yaml =
    "# a bad day\n- { service: glue, kind: throttling, count: 3 }\n- { service: s3, kind: reset }\n";
  const json = JSON.stringify([{ service: "emr", kind: "unavailable", rate: 0.5 }]);
  await using files = await makeFolder({ "faults.yaml": yaml, "faults.json": json });

  expect((await runFault("load", `${files.path}/faults.yaml`)).stdout).toContain("2 rules put in force");
  expect((await readFaultFile(`${files.path}/faults.json`)).rules).toEqual(JSON.parse(json));
  expect(await listFaults(lake, signal)).toMatchObject([
    { service: "glue", count: 3, rate: 1 },
    { service: "s3", count: null },
  ]);
});

test("a name in a file that AWS does not have is told with its line, and nothing is put in force", async () => {
  const yaml = "- service: glue\n  kind: reset\n- service: glue\n  operation: StartCrawlr\n  kind: reset\n";
  await using files = await makeFolder({ "faults.yaml": yaml });
  const { code, stderr } = await runFault("load", `${files.path}/faults.yaml`);
  expect(code).toBe(1);
  expect(stderr).toContain(
    `${files.path}/faults.yaml:4:14: glue has no operation 'StartCrawlr'; did you mean StartCrawler?`,
  );
  expect(await listFaults(lake, signal)).toEqual([]);
});

test.each([
  {
    what: "unknown kinds and keys",
    text: "- service: glue\n  kind: slow\n- service: s3\n  kind: reset\n  times: 3\n",
    message: /^2 mistakes in /,
    mistakes: [
      { message: expect.stringContaining('0.kind: "slow" is not allowed') as string, place: { line: 2 } },
      { message: "1: there is no such key: times", place: { line: 3 } },
    ],
  },
  { what: "no rule", text: "[]\n", message: /^there is no rule in the list$/ },
  { what: "a rule that is no list", text: "service: glue\nkind: reset\n", message: /must be of type array/ },
  { what: "broken YAML", text: "- {\n", message: /is no valid YAML/ },
])("a file with $what is refused", async ({ text, message, mistakes = [{}] }) => {
  await using files = await makeFolder({ "faults.yaml": text });
  await expect(readFaultFile(`${files.path}/faults.yaml`)).rejects.toMatchObject({
    reason: "invalid-input",
    message: expect.stringMatching(message) as string,
    mistakes,
  });
});

test("a file that is not there is refused", async () => {
  await expect(readFaultFile(`${folder.path}/absent.yaml`)).rejects.toMatchObject({
    reason: "invalid-input",
    message: expect.stringMatching(/absent\.yaml cannot be read: ENOENT/) as string,
  });
});

test("mistakes on the command line are told together, by name", async () => {
  const { code, stderr } = await runFault("add", "--service", "glue", "--rate", "2", "--count", "few");
  expect(code).toBe(1);
  for (const mistake of ["kind: ", 'rate: "2" is no share', 'count: "few" is no whole number']) {
    expect(stderr).toContain(mistake);
  }
});

test("what only the local lake can tell is an input error too", async () => {
  const rules = [
    { service: "glu", kind: "reset" },
    { service: "s3", kind: "delay" },
  ] as const;
  await expect(addFaults(lake, rules, signal)).rejects.toMatchObject({
    reason: "invalid-input",
    message: "2 mistakes in the rules",
    mistakes: [
      { message: "there is no service 'glu'; the names are those of the AWS CLI and boto3" },
      { message: "a rule of kind delay needs delay, in milliseconds" },
    ],
  });
  await expect(clearFaults(lake, 999_999, signal)).rejects.toMatchObject({
    reason: "invalid-input",
    message: "there is no rule 999999",
  });
});

test("without a local lake, and where another server answers, it says so", async () => {
  await using elsewhere = await makeFolder({});
  const { code, stderr } = await runDatalake(["local", "fault", "list"], { cwd: elsewhere.path });
  expect(code).toBe(1);
  expect(stderr).toContain("no local lake was started in");
  // The local lake's S3 answers this path with XML, as another server might.
  const other = { ...lake, endpoint: `${lake.endpoint}/elsewhere` };
  await expect(listFaults(other, signal)).rejects.toMatchObject({ reason: "local-lake-down" });
});
