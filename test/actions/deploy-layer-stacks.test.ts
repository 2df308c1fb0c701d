import { expect, test } from "vitest";
import { stacksOf } from "../support/lakes.ts";
import { uniqueName } from "../support/local-lake.ts";
import { runAction } from "../support/run-action.ts";
import { makeSmallLake, smallTemplate } from "../support/temporary-lake.ts";
import { expectFailure } from "./expect-failure.ts";
import { holdNotes } from "./faults.ts";
import { beginStack, describeStack, waitForStatus } from "./stacks.ts";
import { makeNoteTemplate, makeRefusedTemplate } from "./templates.ts";

const good = smallTemplate([], {});

/** The line of a template, from 1, that has this text. */
function lineOf(template: string, text: string): number {
  return template.split("\n").findIndex((line) => line.includes(text)) + 1;
}

test("a template that AWS refuses is marked at its line; what needs it is skipped, what does not goes on", async () => {
  const odd =
    'Resources:\n  Fine: { Type: "AWS::SNS::Topic" }\n  Odd: { Type: "AWS::Glue::Nonsense" }\nOutputs: { Odd: { Value: 1 } }\n';
  await using lake = await makeSmallLake({ odd, later: smallTemplate(["Odd"], {}), other: good });
  const result = await runAction("deploy-layer", { full: "true" }, { cwd: lake.path });
  expectFailure(result, {
    reason: "stack-failed",
    title: "Stack failed",
    says: /layer odd: AWS refuses the change: .*\[AWS::Glue::Nonsense\].*not begun because of it: later\nNothing was changed/,
    file: "odd.json",
    line: 3,
  });
  expect(result.log).toContain("! later was skipped: something it depends on failed");
  expect(await stacksOf(lake.name)).toEqual([`${lake.name}-other-dev CREATE_COMPLETE`]);
});

test("a resource that AWS refuses is marked in the template; its stack is rolled back and gone", async () => {
  const storage = makeRefusedTemplate();
  await using lake = await makeSmallLake({ storage }, { folder: "infra/lake" });
  const result = await runAction("deploy-layer", { lake: "infra/lake/lake.yaml" }, { cwd: lake.path });
  expectFailure(result, {
    reason: "stack-failed",
    title: "Stack failed",
    says: /layer storage failed: Bad \(AWS::SNS::Subscription\): .*Topic does not exist.*\nNothing of it is left/,
    file: "infra/lake/storage.json",
    line: lineOf(storage, '"Bad"'),
  });
  expect(await stacksOf(lake.name)).toEqual([]);
});

test("an update that AWS refuses leaves the stack as it was, and says so", async () => {
  await using lake = await makeSmallLake({ a: good });
  expect((await runAction("deploy-layer", {}, { cwd: lake.path })).code).toBe(0);
  const before = await describeStack(`${lake.name}-a-dev`);
  await lake.write("a.json", makeRefusedTemplate());
  const result = await runAction("deploy-layer", {}, { cwd: lake.path });
  expectFailure(result, {
    reason: "stack-failed",
    title: "Stack failed",
    says: "It is UPDATE_ROLLBACK_COMPLETE: as it was before.",
    file: "a.json",
    line: lineOf(makeRefusedTemplate(), '"Bad"'),
  });
  const after = await describeStack(`${lake.name}-a-dev`);
  expect(after).toMatchObject({ StackStatus: "UPDATE_ROLLBACK_COMPLETE", StackId: before?.StackId });
});

test("two layers that fail are two annotations, each in its own template", async () => {
  await using lake = await makeSmallLake({ a: makeRefusedTemplate("one"), b: makeRefusedTemplate("two") });
  const result = await runAction("deploy-layer", {}, { cwd: lake.path });
  expect(result).toMatchObject({ code: 1, outputs: { "failure-reason": "stack-failed" } });
  expect(result.annotations.map(({ title, file }) => `${title ?? ""} ${file ?? ""}`).sort()).toEqual([
    "Stack failed a.json",
    "Stack failed b.json",
  ]);
  expect(result.report?.failure?.mistakes).toHaveLength(2);
  expect(await stacksOf(lake.name)).toEqual([]);
});

test("a layer whose source is not deployed is told what to deploy first", async () => {
  await using lake = await makeSmallLake({
    a: smallTemplate([], { Key: "1" }),
    b: smallTemplate(["Key"], {}),
  });
  const result = await runAction("deploy-layer", { layers: "b" }, { cwd: lake.path });
  expectFailure(result, {
    reason: "layer-not-deployed",
    title: "Layer not deployed",
    says: "layer a is not deployed, and its output Key is needed",
  });
  expect(await stacksOf(lake.name)).toEqual([]);
});

test("a stack that somebody else is making is waited for, and left alone when that takes too long", async () => {
  await using lake = await makeSmallLake({ a: good });
  await holdNotes(lake.name, 8000);
  const stack = `${lake.name}-a-dev`;
  await beginStack(stack, makeNoteTemplate(lake.name));
  const result = await runAction("deploy-layer", { timeout: "1s" }, { cwd: lake.path });
  expectFailure(result, {
    reason: "stack-busy",
    title: "Stack busy",
    says: /was still CREATE_IN_PROGRESS after 1\.0 s\nSomething else is changing this stack/,
  });
  expect(await describeStack(stack)).toMatchObject({ StackStatus: "CREATE_IN_PROGRESS", Tags: [] });
});

test("a layer that takes too long is a time-out: AWS goes on, and the next run takes up the wait", async () => {
  const name = uniqueName("slow");
  await using lake = await makeSmallLake({ a: makeNoteTemplate(name) }, { name });
  await holdNotes(name, 4000);
  const result = await runAction("deploy-layer", { timeout: "1s" }, { cwd: lake.path });
  expectFailure(result, {
    code: 4,
    reason: "timed-out",
    title: "Timed out",
    says: /stack .* was still CREATE_IN_PROGRESS after 1\.0 s\nIt goes on in AWS/,
  });
  const next = await runAction("deploy-layer", {}, { cwd: lake.path });
  expect(next).toMatchObject({ code: 0, annotations: [], outputs: { verdict: "unchanged" } });
  expect(await stacksOf(name)).toEqual([`${name}-a-dev CREATE_COMPLETE`]);
});

test("a stack left over from a creation that failed is made anew", async () => {
  await using lake = await makeSmallLake({ a: good });
  const stack = `${lake.name}-a-dev`;
  await beginStack(stack, makeRefusedTemplate());
  await waitForStatus(stack, "ROLLBACK_COMPLETE");
  const result = await runAction("deploy-layer", {}, { cwd: lake.path });
  expect(result).toMatchObject({ code: 0, annotations: [], outputs: { changed: "true" } });
  expect(result.log).toContain("left over from a failed creation");
  expect(await stacksOf(lake.name)).toEqual([`${stack} CREATE_COMPLETE`]);
});

test("a plan that no longer holds is refused, and one that does is applied", async () => {
  await using lake = await makeSmallLake({ a: good });
  const plan = await runAction("deploy-layer", { mode: "plan" }, { cwd: lake.path });
  expect(plan).toMatchObject({ code: 0, outputs: { verdict: "changed", changed: "true" } });
  const { plan: hash = "" } = plan.outputs;
  expect(hash).toMatch(/^[0-9a-f]{16}$/);

  await lake.write("a.json", good.replace("here", "there"));
  const refused = await runAction("deploy-layer", { "expect-plan": hash }, { cwd: lake.path });
  expectFailure(refused, {
    code: 3,
    reason: "plan-changed",
    title: "Plan changed",
    says: `and ${hash} was expected\nNothing was changed.`,
  });
  expect(await stacksOf(lake.name)).toEqual([]);

  await lake.write("a.json", good);
  const applied = await runAction("deploy-layer", { "expect-plan": hash }, { cwd: lake.path });
  expect(applied).toMatchObject({ code: 0, outputs: { changed: "true" } });
});

test.each([
  {
    what: "an endpoint where nobody listens",
    variables: { AWS_ENDPOINT_URL: "http://127.0.0.1:9" },
    failure: {
      reason: "local-lake-down",
      title: "Local lake down",
      says: /nothing answers at the endpoint \(.*127\.0\.0\.1:9\)/,
    },
  },
  {
    what: "no credentials",
    variables: { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" },
    failure: {
      reason: "credentials-missing",
      title: "Credentials missing",
      says: /aws-actions\/configure-aws-credentials/,
    },
  },
] as const)("$what is told, with what to do", async ({ variables, failure }) => {
  await using lake = await makeSmallLake({ a: good }, { name: uniqueName("down") });
  expectFailure(await runAction("deploy-layer", {}, { cwd: lake.path, variables }), failure);
});
