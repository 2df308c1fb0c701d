import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { stacksOf } from "../support/lakes.ts";
import { createContext } from "../support/local-lake.ts";
import { runAction } from "../support/run-action.ts";
import { makeSmallLake, smallTemplate, type SmallLakeSettings } from "../support/temporary-lake.ts";
import { expectFailure, type ExpectedFailure } from "./expect-failure.ts";
import { makeStack } from "./stacks.ts";

const good = smallTemplate([], {});

/** Something that keeps an environment from being torn down. */
interface Refusal {
  readonly what: string;
  readonly settings?: SmallLakeSettings;
  readonly inputs: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly failure: ExpectedFailure;
}

const refusals: readonly Refusal[] = [
  {
    what: "a protected environment",
    settings: { dev: "{ protected: true }" },
    inputs: { confirm: "dev", "deep-clean": "true" },
    failure: {
      code: 3,
      reason: "environment-protected",
      title: "Environment protected",
      says: "environment dev is protected\nTake `protected: true` out of lake.yaml first",
      file: "lake.yaml",
      line: 4,
    },
  },
  {
    what: "a name that is typed wrong",
    inputs: { confirm: "prod" },
    failure: {
      code: 3,
      reason: "confirmation-missing",
      title: "Confirmation missing",
      says: 'confirm: "prod" is not the name "dev"\nNothing was deleted.',
    },
  },
  {
    what: "no confirmation",
    inputs: {},
    failure: {
      code: 3,
      reason: "confirmation-missing",
      title: "Confirmation missing",
      says: /nothing was deleted: nobody said yes\n.*`confirm: dev`/,
    },
  },
  {
    what: "a layer that is not there",
    inputs: { confirm: "dev", layers: "b" },
    failure: {
      reason: "layer-unknown",
      title: "Layer unknown",
      says: 'there is no layer "b"\nlake.yaml has a.',
      file: "lake.yaml",
      line: 6,
    },
  },
  {
    what: "an environment that is not there",
    inputs: { environment: "pr-1", confirm: "pr-1" },
    failure: {
      reason: "invalid-input",
      title: "Invalid input",
      says: 'lake.yaml has no environment "pr-1"\nIt has dev.',
      file: "lake.yaml",
      line: 4,
    },
  },
  {
    what: "another account than the one named",
    settings: { dev: '{ account: "999999999999" }' },
    inputs: { confirm: "dev" },
    failure: {
      code: 3,
      reason: "account-mismatch",
      title: "Account mismatch",
      says: "environment dev belongs to 999999999999",
      file: "lake.yaml",
      line: 4,
    },
  },
  {
    what: "a wrong value",
    inputs: { confirm: "dev", "dry-run": "maybe" },
    failure: {
      reason: "invalid-input",
      title: "Invalid input",
      says: 'dry-run: "maybe" is no boolean; allowed are true and false',
    },
  },
  {
    what: "an endpoint where nobody listens",
    inputs: { confirm: "dev" },
    variables: { AWS_ENDPOINT_URL: "http://127.0.0.1:9" },
    failure: { reason: "local-lake-down", title: "Local lake down", says: "nothing answers at the endpoint" },
  },
];

test.each(refusals)("$what keeps everything in its place", async (refusal) => {
  const { settings, inputs, variables = {}, failure } = refusal;
  await using lake = await makeSmallLake({ a: good }, settings);
  await makeStack(`${lake.name}-a-dev`, good);
  const result = await runAction("teardown", inputs, { cwd: lake.path, variables });
  expectFailure(result, failure);
  expect(result.outputs["deleted"]).toBeUndefined();
  expect(await stacksOf(lake.name)).toEqual([`${lake.name}-a-dev CREATE_COMPLETE`]);
});

test("data in a bucket is deleted only by deep-clean, and a dry run touches nothing", async () => {
  const template = JSON.stringify({ Resources: { Raw: { Type: "AWS::S3::Bucket" } } });
  await using lake = await makeSmallLake({ a: template });
  const stack = `${lake.name}-a-dev`;
  const { Raw: bucket = "" } = await makeStack(stack, template);
  const s3 = createContext().clients.use(S3Client);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "landing/orders.csv", Body: "1,2\n" }));

  const options = { cwd: lake.path };
  const preview = await runAction("teardown", { "dry-run": "true" }, options);
  expect(preview).toMatchObject({ code: 0, outputs: { verdict: "unchanged", deleted: "[]" } });
  expect(preview.report?.headline).toBe("1 layer would be deleted; nothing was touched");
  expect(preview.summary).toContain(bucket);

  const refused = await runAction("teardown", { confirm: "dev" }, options);
  expectFailure(refused, {
    code: 3,
    reason: "buckets-not-empty",
    title: "Buckets not empty",
    says: `nothing was deleted: there is data in ${bucket} (1 object, 4 B)\nAdd --deep-clean (in an action \`deep-clean: true\`)`,
  });
  expect(await stacksOf(stack)).toEqual([`${stack} CREATE_COMPLETE`]);

  const gone = await runAction("teardown", { confirm: "dev", "deep-clean": "true" }, options);
  expect(gone).toMatchObject({ code: 0, annotations: [], outputs: { verdict: "changed", deleted: '["a"]' } });
  expect(await stacksOf(stack)).toEqual([]);
});

test("where there is nothing, nothing is deleted, and that is no failure", async () => {
  await using lake = await makeSmallLake({ a: good });
  const options = { cwd: lake.path };
  const result = await runAction("teardown", { confirm: "dev" }, options);
  expect(result).toMatchObject({
    code: 0,
    annotations: [],
    outputs: { verdict: "unchanged", deleted: "[]" },
  });
  expect(result.report?.headline).toBe("nothing was there to delete");
  await makeStack(`${lake.name}-a-dev`, good);
  const retried = await runAction("teardown", { confirm: "dev", "retry-failed": "true" }, options);
  expect(retried).toMatchObject({ code: 0, outputs: { verdict: "unchanged", deleted: "[]" } });
  expect(await stacksOf(lake.name)).toEqual([`${lake.name}-a-dev CREATE_COMPLETE`]);
});

test("a layer of the whole account stays, until it is named", async () => {
  await using lake = await makeSmallLake({ a: good, all: good }, { more: { all: ", scope: account" } });
  await makeStack(`${lake.name}-a-dev`, good);
  await makeStack(`${lake.name}-all`, good);
  const options = { cwd: lake.path };
  const first = await runAction("teardown", { confirm: "dev" }, options);
  expect(first).toMatchObject({ code: 0, outputs: { deleted: '["a"]' } });
  expect(first.report?.headline).toBe("1 layer deleted; all stays, as it is the whole account's");
  expect(await stacksOf(lake.name)).toEqual([`${lake.name}-all CREATE_COMPLETE`]);
  const second = await runAction("teardown", { confirm: "dev", layers: "all" }, options);
  expect(second).toMatchObject({ code: 0, outputs: { deleted: '["all"]' } });
  expect(second.report?.headline).toBe("1 layer deleted");
  expect(await stacksOf(lake.name)).toEqual([]);
});
