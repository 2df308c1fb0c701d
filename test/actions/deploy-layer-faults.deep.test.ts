import { expect, test } from "vitest";
import type { FaultRule } from "../../src/local/index.ts";
import { stacksOf } from "../support/lakes.ts";
import { uniqueName } from "../support/local-lake.ts";
import { runAction } from "../support/run-action.ts";
import { makeSmallLake } from "../support/temporary-lake.ts";
import { expectFailure, type ExpectedFailure } from "./expect-failure.ts";
import { addFault } from "./faults.ts";
import { makeNoteTemplate } from "./templates.ts";

/** A fault of CloudFormation's calls about the stack of the test; `internal` for what CloudFormation does itself. */
type Fault = Pick<FaultRule, "kind" | "operation" | "count">;

test.each<Fault>([
  { kind: "throttling", operation: "DescribeStacks", count: 2 },
  { kind: "throttling", operation: "CreateChangeSet", count: 2 },
  { kind: "internal-error", operation: "DescribeChangeSet", count: 2 },
  { kind: "unavailable", operation: "DescribeStackEvents", count: 2 },
  { kind: "lost-answer", operation: "CreateChangeSet", count: 1 },
  { kind: "lost-answer", operation: "ExecuteChangeSet", count: 1 },
  { kind: "reset", operation: "ExecuteChangeSet", count: 1 },
  { kind: "truncated", operation: "DescribeStacks", count: 1 },
])("a deploy rides out $kind of $operation", async (fault) => {
  const name = uniqueName("fault");
  await using lake = await makeSmallLake({ a: makeNoteTemplate(name) }, { name });
  await addFault({ service: "cloudformation", resource: name, ...fault });
  const result = await runAction("deploy-layer", {}, { cwd: lake.path });
  expect(result, result.log).toMatchObject({ code: 0, annotations: [], outputs: { verdict: "changed" } });
  expect(await stacksOf(name)).toEqual([`${name}-a-dev CREATE_COMPLETE`]);
});

test.each<{ fault: Fault & Pick<FaultRule, "service" | "internal">; failure: ExpectedFailure }>([
  {
    fault: { service: "cloudformation", kind: "access-denied", operation: "CreateChangeSet" },
    failure: {
      reason: "access-denied",
      title: "AWS denied access",
      says: /is not authorized to perform: cloudformation:CreateChangeSet .*\nGive the role that runs this the permission/,
    },
  },
  {
    fault: { service: "cloudformation", kind: "access-denied", operation: "ExecuteChangeSet" },
    failure: {
      reason: "access-denied",
      title: "AWS denied access",
      says: /is not authorized to perform: cloudformation:ExecuteChangeSet/,
    },
  },
  {
    fault: { service: "cloudformation", kind: "expired-token", operation: "ExecuteChangeSet" },
    failure: { reason: "credentials-missing", title: "Credentials missing", says: "expired" },
  },
  {
    fault: { service: "ssm", kind: "access-denied", operation: "PutParameter", internal: true },
    failure: {
      reason: "stack-failed",
      title: "Stack failed",
      says: /layer a failed: Held \(AWS::SSM::Parameter\): .*not authorized to perform: ssm:PutParameter/,
      file: "a.json",
      line: 10,
    },
  },
])("$fault.kind of $fault.operation fails the deploy and leaves nothing", async ({ fault, failure }) => {
  const name = uniqueName("fault");
  await using lake = await makeSmallLake({ a: makeNoteTemplate(name) }, { name });
  await addFault({ resource: fault.internal === true ? `${name}-held` : name, ...fault });
  expectFailure(await runAction("deploy-layer", {}, { cwd: lake.path }), failure);
  expect(await stacksOf(name)).toEqual([]);
});
