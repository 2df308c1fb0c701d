import { expect, test } from "vitest";
import { stacksOf } from "../support/lakes.ts";
import { uniqueName } from "../support/local-lake.ts";
import { runAction } from "../support/run-action.ts";
import { makeSmallLake, type SmallLake } from "../support/temporary-lake.ts";
import { expectFailure } from "./expect-failure.ts";
import { addFault, holdNotes } from "./faults.ts";
import { makeNoteTemplate } from "./templates.ts";

// With it, every call to AWS is told as soon as it is answered: what a test can wait for.
const debug = { RUNNER_DEBUG: "1" };
const cancelled = {
  reason: "cancelled",
  title: "Cancelled",
  says: "the run was cancelled\nRun the job again to go on.",
} as const;

/** A state in which a deploy is ended: when to do it, and the call that lasts meanwhile. */
interface State {
  readonly state: string;
  readonly after: RegExp;
  readonly held?: string;
}

/** The states of a creation; while the stack is followed it is the making of its resources that lasts. */
const states: readonly State[] = [
  { state: "looking at what is there", after: /STS GetCallerIdentity/, held: "DescribeStacks" },
  { state: "asking for a change set", after: /CloudFormation DescribeStacks/, held: "CreateChangeSet" },
  { state: "waiting for the change set", after: /CloudFormation CreateChangeSet/, held: "DescribeChangeSet" },
  { state: "executing the change set", after: /CloudFormation DescribeChangeSet/, held: "ExecuteChangeSet" },
  { state: "following the stack", after: /CloudFormation DescribeStackEvents/ },
];

/** A lake of one layer; a call of CloudFormation about it and the making of its resources last. */
async function makeLastingLake(held: string | undefined, lasting: number): Promise<SmallLake> {
  const name = uniqueName("cancel");
  await holdNotes(name, lasting);
  if (held !== undefined) {
    const rule = {
      service: "cloudformation",
      operation: held,
      kind: "delay",
      delay: 1500,
      count: 1,
    } as const;
    await addFault({ ...rule, resource: name });
  }
  return makeSmallLake({ a: makeNoteTemplate(name) }, { name });
}

/** A lake of one layer that is deployed, and whose change lasts. */
async function makeChangedLake(lasting: number): Promise<SmallLake> {
  const name = uniqueName("cancel");
  const lake = await makeSmallLake({ a: makeNoteTemplate(name) }, { name });
  expect((await runAction("deploy-layer", {}, { cwd: lake.path })).code).toBe(0);
  await lake.write("a.json", makeNoteTemplate(name, "there"));
  await holdNotes(name, lasting);
  return lake;
}

/** Waits until these are the stacks of a lake: AWS goes on with what a cancelled run has told it to do. */
async function expectStacks(name: string, stacks: readonly string[]): Promise<void> {
  await expect.poll(() => stacksOf(name), { timeout: 30_000 }).toEqual(stacks);
}

test.each(states)("a deploy cancelled while $state leaves nothing", async ({ after, held }) => {
  await using lake = await makeLastingLake(held, 3000);
  const result = await runAction("deploy-layer", {}, { cwd: lake.path, variables: debug, cancel: after });
  expectFailure(result, cancelled);
  expect(result.log).toContain("cancelled: stopping what was begun");
  expect(result.post).toBe("");
  await expectStacks(lake.name, []);
});

test("a deploy cancelled while it follows an update rolls it back", async () => {
  await using lake = await makeChangedLake(3000);
  const options = { cwd: lake.path, variables: debug, cancel: /CloudFormation ExecuteChangeSet/ };
  const result = await runAction("deploy-layer", {}, options);
  expectFailure(result, cancelled);
  expect(result.log).toContain(`rolling back what was begun in ${lake.name}-a-dev`);
  expect(result.post).toBe("");
  await expectStacks(lake.name, [`${lake.name}-a-dev UPDATE_ROLLBACK_COMPLETE`]);
});

test.each<State>([
  { state: "waiting for the change set", after: /CloudFormation CreateChangeSet/, held: "DescribeChangeSet" },
  { state: "following the stack", after: /CloudFormation ExecuteChangeSet/ },
])("a deploy killed while $state is tidied up by the post step", async ({ after, held }) => {
  await using lake = await makeLastingLake(held, 8000);
  const result = await runAction("deploy-layer", {}, { cwd: lake.path, variables: debug, kill: after });
  expect(result).toMatchObject({ code: null, outputs: {} });
  expect(result.post).toContain("::warning title=Stopped afterwards::");
  expect(result.post).toContain(`stopped now: stack ${lake.name}-a-dev`);
  await expectStacks(lake.name, []);
});

test("a deploy killed while it follows an update is rolled back by the post step", async () => {
  await using lake = await makeChangedLake(8000);
  const options = { cwd: lake.path, variables: debug, kill: /CloudFormation ExecuteChangeSet/ };
  const result = await runAction("deploy-layer", {}, options);
  expect(result.post).toContain(`rolling back what was begun in ${lake.name}-a-dev`);
  await expectStacks(lake.name, [`${lake.name}-a-dev UPDATE_ROLLBACK_COMPLETE`]);
});
