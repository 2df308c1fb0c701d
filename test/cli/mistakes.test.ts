import { expect, test } from "vitest";
import { stacksOf } from "../support/lakes.ts";
import { runDatalake, uniqueName } from "../support/local-lake.ts";
import { makeSmallLake, smallTemplate } from "../support/temporary-lake.ts";

/** The error that `--json` prints. */
function errorOf(stdout: string): {
  reason: string;
  message: string;
  hint?: string;
  place?: { file: string; line?: number };
} {
  return (JSON.parse(stdout) as { error: ReturnType<typeof errorOf> }).error;
}

const bucketOf = (name: unknown) =>
  JSON.stringify({
    Parameters: { ProjectPrefix: { Type: "String" }, Environment: { Type: "String" } },
    Resources: { Raw: { Type: "AWS::S3::Bucket", Properties: { BucketName: name } } },
  });

test("an unknown layer is told with those there are", async () => {
  await using lake = await makeSmallLake({ storage: smallTemplate([], {}) });
  const result = await runDatalake(["layer", "stroage", "deploy"], { cwd: lake.path, onLake: true });
  expect(result.code).toBe(1);
  expect(result.stdout).toBe("");
  expect(result.stderr).toContain('there is no layer "stroage"');
  expect(result.stderr).toContain("lake.yaml has storage.");
  expect(await stacksOf(lake.name)).toEqual([]);
});

test("an unknown resource type fails its layer, skips what depends on it, and leaves nothing of it", async () => {
  await using lake = await makeSmallLake({
    odd: JSON.stringify({
      Resources: { Odd: { Type: "AWS::Glue::Nonsense" } },
      Outputs: { Odd: { Value: "1" } },
    }),
    later: smallTemplate(["Odd"], {}),
    other: smallTemplate([], {}),
  });
  const result = await runDatalake(["deploy", "--full", "--json"], { cwd: lake.path, onLake: true });
  expect(result.code).toBe(1);
  expect(errorOf(result.stdout).message).toContain("AWS::Glue::Nonsense");
  expect(errorOf(result.stdout).message).toContain("not begun because of it: later");
  expect(await stacksOf(lake.name)).toEqual([`${lake.name}-other-dev CREATE_COMPLETE`]);
});

test.each([
  {
    what: "a parameter that nobody provides",
    templates: { a: smallTemplate(["Missing"], {}) },
    reason: "parameter-missing",
    says: 'layer a: nothing provides the parameter "Missing"',
  },
  {
    what: "two outputs that could serve",
    templates: {
      a: smallTemplate(["Key"], {}),
      b: smallTemplate([], { Key: "1" }),
      c: smallTemplate([], { Key: "2" }),
    },
    reason: "output-ambiguous",
    says: 'layer a: parameter "Key" could take b.Key and c.Key',
  },
  {
    what: "a circle",
    templates: { a: smallTemplate(["X"], { Y: "1" }), b: smallTemplate(["Y"], { X: "1" }) },
    reason: "graph-cycle",
    says: "a → b → a",
  },
])("$what is told before anything is made", async ({ templates, reason, says }) => {
  await using lake = await makeSmallLake(templates);
  const result = await runDatalake(["deploy", "--json"], { cwd: lake.path, onLake: true });
  expect(result.code).toBe(1);
  expect(errorOf(result.stdout)).toMatchObject({ reason, message: expect.stringContaining(says) as string });
  expect(errorOf(result.stdout).hint).toMatch(/\.$/);
  expect(await stacksOf(lake.name)).toEqual([]);
});

test("a lake's name that makes an illegal bucket name is told with its line", async () => {
  const name = uniqueName("Shouting");
  await using lake = await makeSmallLake(
    { storage: bucketOf({ "Fn::Sub": "${ProjectPrefix}-raw" }) },
    { name },
  );
  const result = await runDatalake(["deploy", "--json"], { cwd: lake.path, onLake: true });
  expect(result.code).toBe(1);
  expect(errorOf(result.stdout)).toMatchObject({
    reason: "invalid-lake",
    place: { file: "lake.yaml", line: 1 },
  });
  expect(errorOf(result.stdout).message).toContain(`"${name}-raw" is no legal bucket name`);
  expect(await stacksOf(name)).toEqual([]);
});

test("another account than the one named is refused, and nothing is made", async () => {
  await using lake = await makeSmallLake(
    { a: smallTemplate([], {}) },
    { dev: '{ account: "999999999999" }' },
  );
  const result = await runDatalake(["deploy", "--json"], { cwd: lake.path, onLake: true });
  expect(result.code).toBe(3);
  expect(errorOf(result.stdout).reason).toBe("account-mismatch");
  expect(errorOf(result.stdout).message).toContain("belongs to 999999999999");
  expect(await stacksOf(lake.name)).toEqual([]);
});

test("a resource that AWS refuses is rolled back, told with its place in the template, and nothing of it is left", async () => {
  await using lake = await makeSmallLake({
    storage: bucketOf("x"),
  });
  const template = JSON.stringify(
    {
      Resources: {
        Good: { Type: "AWS::SNS::Topic" },
        Bad: {
          Type: "AWS::SNS::Subscription",
          Properties: {
            TopicArn: "arn:aws:sns:ap-northeast-1:123456789012:no",
            Protocol: "email",
            Endpoint: "a@b.c",
          },
        },
      },
    },
    undefined,
    1,
  );
  await lake.write("storage.json", template);
  const result = await runDatalake(["deploy", "--json"], { cwd: lake.path, onLake: true });
  expect(result.code).toBe(1);
  const error = errorOf(result.stdout);
  expect(error.reason).toBe("stack-failed");
  expect(error.message).toContain("layer storage failed: Bad (AWS::SNS::Subscription)");
  expect(error.place).toEqual({
    file: "storage.json",
    line: template.split("\n").findIndex((line) => line.includes('"Bad"')) + 1,
  });
  expect(await stacksOf(lake.name)).toEqual([]);
});

test("without a local lake, --local says how to start one", async () => {
  await using lake = await makeSmallLake({ a: smallTemplate([], {}) });
  const result = await runDatalake(["status", "--local"], { cwd: lake.path });
  expect(result.code).toBe(1);
  expect(result.stderr).toContain("no local lake was started");
  expect(result.stderr).toContain("datalake local start");
});

test("a wrong flag, a wrong value and an unknown command each end with what is allowed", async () => {
  await using lake = await makeSmallLake({ a: smallTemplate([], {}) });
  const wrongValue = await runDatalake(["deploy", "--timeout", "soon"], { cwd: lake.path, onLake: true });
  expect(wrongValue.code).toBe(1);
  expect(wrongValue.stderr).toContain('timeout: "soon" is no duration');
  const wrongFlag = await runDatalake(["deploy", "--fulll"], { cwd: lake.path });
  expect(wrongFlag.code).toBe(1);
  expect(wrongFlag.stderr).toContain("Did you mean --full?");
  const wrongCommand = await runDatalake(["deplyo"], { cwd: lake.path });
  expect(wrongCommand.code).toBe(1);
  expect(wrongCommand.stderr).toContain("Did you mean deploy?");
  const nowhere = await runDatalake(["validate", "--lake", "no.yaml"], { cwd: lake.path });
  expect(nowhere.code).toBe(1);
  expect(nowhere.stderr).toContain("there is no file");
});
