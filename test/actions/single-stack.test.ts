import { expect, test } from "vitest";
import { stacksOf } from "../support/lakes.ts";
import { uniqueName } from "../support/local-lake.ts";
import { runAction } from "../support/run-action.ts";
import { makeFolder } from "../support/temporary-lake.ts";
import { expectFailure } from "./expect-failure.ts";
import { describeStack } from "./stacks.ts";
import { makeRefusedTemplate } from "./templates.ts";

/** Somebody's own template, with nothing of ours in it. */
function makeOwnTemplate(value: string): string {
  return [
    "Parameters:",
    "  Size: { Type: Number, AllowedValues: [1, 2] }",
    "Resources:",
    "  Note:",
    "    Type: AWS::SSM::Parameter",
    `    Properties: { Type: String, Value: !Sub "${value} \${Size}" }`,
    "Outputs:",
    "  Name: { Value: !Ref Note }",
    "",
  ].join("\n");
}

test("a stack without a lake file is created, left as it is, changed, refused, and deleted", async () => {
  const stack = uniqueName("Alone");
  await using folder = await makeFolder({ "cfn/own.yaml": makeOwnTemplate("first") });
  const inputs = { stack, template: "cfn/own.yaml", parameters: "Size=1" };
  const options = { cwd: folder.path };

  const created = await runAction("deploy-layer", inputs, options);
  expect(created, created.log).toMatchObject({ code: 0, annotations: [], outputs: { changed: "true" } });
  const layer = stack.toLowerCase();
  expect(JSON.parse(created.outputs["layers"] ?? "")).toEqual([{ layer, outcome: "created" }]);
  expect(JSON.parse(created.outputs["stack-outputs"] ?? "")).toMatchObject({
    [layer]: { Name: expect.stringContaining(stack) as string },
  });
  const again = await runAction("deploy-layer", inputs, options);
  expect(again).toMatchObject({ code: 0, outputs: { changed: "false", verdict: "unchanged" } });

  await folder.write("cfn/own.yaml", makeOwnTemplate("second"));
  const changed = await runAction("deploy-layer", inputs, options);
  expect(JSON.parse(changed.outputs["layers"] ?? "")).toEqual([{ layer, outcome: "updated" }]);

  const refused = await runAction("deploy-layer", { ...inputs, parameters: "Size=3" }, options);
  expectFailure(refused, {
    reason: "stack-failed",
    title: "Stack failed",
    says: /AWS refuses the change: .*Size.*\nNothing was changed/,
    file: "cfn/own.yaml",
    line: 2,
  });
  await folder.write("cfn/own.yaml", makeRefusedTemplate());
  const failed = await runAction("deploy-layer", { ...inputs, parameters: "" }, options);
  expectFailure(failed, {
    reason: "stack-failed",
    title: "Stack failed",
    says: "Bad (AWS::SNS::Subscription)",
    file: "cfn/own.yaml",
    line: 6,
  });
  expect((await describeStack(stack))?.StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");

  const wrong = await runAction("teardown", { stack, confirm: "dev" }, options);
  expectFailure(wrong, {
    code: 3,
    reason: "confirmation-missing",
    title: "Confirmation missing",
    says: `confirm: "dev" is not the name "${stack}"`,
  });
  const gone = await runAction("teardown", { stack, confirm: stack }, options);
  expect(gone).toMatchObject({ code: 0, outputs: { deleted: JSON.stringify([layer]) } });
  expect(await stacksOf(stack)).toEqual([]);
});

test.each([
  {
    what: "a parameter that nobody gives",
    inputs: {},
    failure: {
      reason: "parameter-missing",
      title: "Parameter missing",
      says: 'nothing provides the parameter "Size"',
      file: "own.yaml",
      line: 2,
    },
  },
  {
    what: "a parameter that the template does not have",
    inputs: { parameters: "Size=1\nColour=red" },
    failure: {
      reason: "invalid-input",
      title: "Invalid input",
      says: 'has no parameter "Colour"; its template has Size',
    },
  },
  {
    what: "a parameter without a value",
    inputs: { parameters: "Size" },
    failure: {
      reason: "invalid-input",
      title: "Invalid input",
      says: 'parameters: "Size" is no pair; write Key=value, a line each',
    },
  },
  {
    what: "a region that is none",
    inputs: { parameters: "Size=1", region: "tokyo" },
    failure: {
      reason: "invalid-input",
      title: "Invalid input",
      says: 'region: "tokyo" must be a region such as ap-northeast-1',
    },
  },
] as const)("$what is told, and no stack is made", async ({ inputs, failure }) => {
  const stack = uniqueName("alone");
  await using folder = await makeFolder({ "own.yaml": makeOwnTemplate("x") });
  const result = await runAction(
    "deploy-layer",
    { stack, template: "own.yaml", ...inputs },
    { cwd: folder.path },
  );
  expectFailure(result, failure);
  expect(await stacksOf(stack)).toEqual([]);
});

test("a stack whose first creation fails is gone, with all that it had made", async () => {
  const stack = uniqueName("alone");
  await using folder = await makeFolder({ "own.json": makeRefusedTemplate() });
  const result = await runAction("deploy-layer", { stack, template: "own.json" }, { cwd: folder.path });
  expectFailure(result, {
    reason: "stack-failed",
    title: "Stack failed",
    says: "Nothing of it is left",
    file: "own.json",
    line: 6,
  });
  expect(await stacksOf(stack)).toEqual([]);
});

test("no region at all is told, before AWS is asked", async () => {
  await using folder = await makeFolder({ "own.json": makeRefusedTemplate() });
  const inputs = { stack: "alone", template: "own.json" };
  const variables = { AWS_REGION: "", AWS_DEFAULT_REGION: "" };
  expectFailure(await runAction("deploy-layer", inputs, { cwd: folder.path, variables }), {
    reason: "invalid-input",
    title: "Invalid input",
    says: "region: is not given, and there is no lake file that says it",
  });
});
