import { expect, test } from "vitest";
import { stacksOf } from "../support/lakes.ts";
import { uniqueName } from "../support/local-lake.ts";
import { runAction } from "../support/run-action.ts";
import { makeSmallLake, smallTemplate } from "../support/temporary-lake.ts";
import { expectFailure } from "./expect-failure.ts";
import { addFault, holdDeletion, holdNotes } from "./faults.ts";
import { beginStack, makeStack } from "./stacks.ts";
import { makeNoteTemplate } from "./templates.ts";

const good = smallTemplate([], {});
const confirm = "dev";

test("a resource that cannot be deleted is named; what needs its layer waits for a retry, what does not goes on", async () => {
  const name = uniqueName("stuck");
  // b needs a, so that it is deleted before a.
  const templates = { a: good, b: makeNoteTemplate(name), c: good };
  await using lake = await makeSmallLake(templates, { name, more: { b: ", needs: [a]" } });
  for (const [layer, template] of Object.entries(templates))
    await makeStack(`${name}-${layer}-dev`, template);
  await addFault({
    service: "ssm",
    operation: "DeleteParameter*",
    kind: "access-denied",
    resource: `${name}-held`,
    internal: true,
    count: 1,
  });
  const result = await runAction("teardown", { confirm }, { cwd: lake.path });
  expectFailure(result, {
    reason: "delete-failed",
    title: "Delete failed",
    says: /stack \S+-b-dev could not be deleted: Held \(AWS::SSM::Parameter\): .*not authorized.*; not begun because of it: a\n.*`retry-failed`/,
  });
  expect(await stacksOf(name)).toEqual([`${name}-a-dev CREATE_COMPLETE`, `${name}-b-dev DELETE_FAILED`]);

  const blocked = await runAction("deploy-layer", { layers: "b" }, { cwd: lake.path });
  expectFailure(blocked, {
    reason: "stack-stuck",
    title: "Stack stuck",
    says: /stack \S+-b-dev is DELETE_FAILED: .*\n.*`retry-failed`/,
  });
  const retried = await runAction("teardown", { confirm, "retry-failed": "true" }, { cwd: lake.path });
  expect(retried).toMatchObject({ code: 0, outputs: { deleted: '["b"]' } });
  expect(await stacksOf(name)).toEqual([`${name}-a-dev CREATE_COMPLETE`]);
});

test("an export that somebody else uses keeps its stack, and says who uses it", async () => {
  const name = uniqueName("export");
  const exporting = JSON.stringify({
    Resources: { Note: { Type: "AWS::SSM::Parameter", Properties: { Type: "String", Value: "x" } } },
    Outputs: { Key: { Value: "1", Export: { Name: `${name}-key` } } },
  });
  const importing = JSON.stringify({
    Resources: {
      Note: {
        Type: "AWS::SSM::Parameter",
        Properties: { Type: "String", Value: { "Fn::ImportValue": `${name}-key` } },
      },
    },
  });
  await using lake = await makeSmallLake({ a: exporting }, { name });
  await makeStack(`${name}-a-dev`, exporting);
  await makeStack(`${name}-theirs`, importing);
  expectFailure(await runAction("teardown", { confirm }, { cwd: lake.path }), {
    reason: "delete-failed",
    title: "Delete failed",
    says: `Cannot delete export ${name}-key as it is in use by ${name}-theirs.\nRemove what holds it, then delete again.`,
  });
  expect(await stacksOf(name)).toEqual([`${name}-a-dev CREATE_COMPLETE`, `${name}-theirs CREATE_COMPLETE`]);
});

test("a stack that somebody else is changing is waited for, and left alone when that takes too long", async () => {
  const name = uniqueName("busy");
  await using lake = await makeSmallLake({ a: good }, { name });
  await holdNotes(name, 8000);
  await beginStack(`${name}-a-dev`, makeNoteTemplate(name));
  const result = await runAction("teardown", { confirm, timeout: "1s" }, { cwd: lake.path });
  expectFailure(result, {
    reason: "stack-busy",
    title: "Stack busy",
    says: "was still CREATE_IN_PROGRESS after 1.0 s",
  });
  expect(await stacksOf(name)).toEqual([`${name}-a-dev CREATE_IN_PROGRESS`]);
});

test("a deletion that takes too long is a time-out: AWS goes on, and the next run takes up the wait", async () => {
  const name = uniqueName("slow");
  await using lake = await makeSmallLake({ a: good }, { name });
  await makeStack(`${name}-a-dev`, makeNoteTemplate(name));
  await holdDeletion(name, 4000);
  const result = await runAction("teardown", { confirm, timeout: "1s" }, { cwd: lake.path });
  expectFailure(result, {
    code: 4,
    reason: "timed-out",
    title: "Timed out",
    says: "was still DELETE_IN_PROGRESS after 1.0 s\nIt goes on in AWS",
  });
  const next = await runAction("teardown", { confirm }, { cwd: lake.path });
  expect(next).toMatchObject({ code: 0, annotations: [] });
  expect(await stacksOf(name)).toEqual([]);
});

test.each([
  { kind: "throttling", operation: "DeleteStack", count: 2 },
  { kind: "lost-answer", operation: "DeleteStack", count: 1 },
  { kind: "internal-error", operation: "ListStackResources", count: 2 },
] as const)("a teardown rides out $kind of $operation", async (fault) => {
  const name = uniqueName("fault");
  await using lake = await makeSmallLake({ a: good }, { name });
  await makeStack(`${name}-a-dev`, good);
  await addFault({ service: "cloudformation", resource: name, ...fault });
  const result = await runAction("teardown", { confirm }, { cwd: lake.path });
  expect(result, result.log).toMatchObject({ code: 0, annotations: [], outputs: { deleted: '["a"]' } });
  expect(await stacksOf(name)).toEqual([]);
});

test("a teardown that is not allowed to delete says what it lacks, and leaves everything", async () => {
  const name = uniqueName("denied");
  await using lake = await makeSmallLake({ a: good }, { name });
  await makeStack(`${name}-a-dev`, good);
  const rule = { service: "cloudformation", operation: "DeleteStack", kind: "access-denied" } as const;
  await addFault({ ...rule, resource: name });
  expectFailure(await runAction("teardown", { confirm }, { cwd: lake.path }), {
    reason: "access-denied",
    title: "AWS denied access",
    says: /is not authorized to perform: cloudformation:DeleteStack/,
  });
  expect(await stacksOf(name)).toEqual([`${name}-a-dev CREATE_COMPLETE`]);
});
