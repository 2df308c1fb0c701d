import { expect, test } from "vitest";
import { stacksOf } from "../support/lakes.ts";
import { runAction, type ActionOutcome } from "../support/run-action.ts";
import { makeSmallLake } from "../support/temporary-lake.ts";
import { expectFailure } from "./expect-failure.ts";

const secret = "Hunter2, and more";

/** A template with a secret parameter, of which `properties` make use in a bucket. */
function makeSecretTemplate(properties: unknown, outputs: unknown = {}): string {
  return JSON.stringify({
    Parameters: { Secret: { Type: "String", NoEcho: true }, Plain: { Type: "String", Default: "seen" } },
    Mappings: { Names: { known: { bucket: "b" } } },
    Resources: { Raw: { Type: "AWS::S3::Bucket", Properties: properties } },
    Outputs: outputs,
  });
}

/** Everything that an action tells people: its log without the commands that mask, its summary, its report. */
function toldBy({ log, summary, report }: ActionOutcome): string {
  const lines = log.split("\n").filter((line) => !line.startsWith("::add-mask::"));
  return [...lines, summary, JSON.stringify(report)].join("\n");
}

test.each([
  {
    what: "a deploy",
    properties: {},
    inputs: {},
    expected: { code: 0, outputs: { verdict: "changed" } },
  },
  {
    what: "a plan",
    properties: {},
    inputs: { mode: "plan" },
    expected: { code: 0, outputs: { verdict: "changed" } },
  },
  {
    what: "a mistake that has it in its words",
    properties: { BucketName: { Ref: "Secret" } },
    inputs: {},
    expected: { code: 1, outputs: { "failure-reason": "invalid-lake" } },
  },
  {
    what: "a refusal of AWS that has it in its words",
    properties: { BucketName: { "Fn::FindInMap": ["Names", { Ref: "Secret" }, "bucket"] } },
    inputs: {},
    expected: { code: 1, outputs: { "failure-reason": "stack-failed" } },
  },
])("a secret parameter is masked before anything is told, and in nothing of $what", async (scenario) => {
  await using lake = await makeSmallLake({ a: makeSecretTemplate(scenario.properties) });
  const inputs = { parameters: `a.Secret=${secret}`, ...scenario.inputs };
  const options = { cwd: lake.path, variables: { RUNNER_DEBUG: "1" } };
  const result = await runAction("deploy-layer", inputs, options);
  expect(result).toMatchObject(scenario.expected);
  expect(result.masked).toContain(secret);
  expect(result.log.indexOf("::add-mask::")).toBe(0);
  expect(toldBy(result)).not.toContain(secret);
});

test("what a secret parameter makes of an output is the output's, and still in nothing that is told", async () => {
  const outputs = { Leak: { Value: { Ref: "Secret" } }, Plain: { Value: { Ref: "Plain" } } };
  await using lake = await makeSmallLake({ a: makeSecretTemplate({}, outputs) });
  const result = await runAction("deploy-layer", { parameters: `a.Secret=${secret}` }, { cwd: lake.path });
  expect(JSON.parse(result.outputs["stack-outputs"] ?? "")).toEqual({ a: { Leak: secret, Plain: "seen" } });
  expect(toldBy(result)).not.toContain(secret);
});

const hostile =
  "::error file=x::pwned\n::set-output name=verdict::passed\n##[error]pwned\n%0A::warning::pwned | <script>alert(1)</script> @acme/everyone [x](javascript:x)";

test("outputs of any text reach later steps as they are, and cannot become commands", async () => {
  const template = JSON.stringify({
    Resources: { Note: { Type: "AWS::SSM::Parameter", Properties: { Type: "String", Value: "x" } } },
    Outputs: { Text: { Value: hostile }, End: { Value: "end_0\nverdict<<end_0" } },
  });
  await using lake = await makeSmallLake({ a: template });
  const result = await runAction("deploy-layer", {}, { cwd: lake.path, variables: { RUNNER_DEBUG: "1" } });
  expect(result).toMatchObject({ code: 0, annotations: [], outputs: { verdict: "changed" } });
  expect(JSON.parse(result.outputs["stack-outputs"] ?? "")).toEqual({
    a: { Text: hostile, End: "end_0\nverdict<<end_0" },
  });
});

test("a refusal of any text is one annotation, and plain text in log and summary", async () => {
  const template = JSON.stringify({ Resources: { Odd: { Type: `AWS::SSM::Odd${hostile}` } } });
  await using lake = await makeSmallLake({ a: template });
  const result = await runAction("deploy-layer", {}, { cwd: lake.path });
  expectFailure(result, {
    reason: "stack-failed",
    title: "Stack failed",
    says: "layer a: AWS refuses the change",
    file: "a.json",
    line: 1,
  });
  expect(result.outputs["verdict"]).toBe("failed");
  const commands = result.log.split("\n").filter((line) => /^\s*::|##\[/.test(line));
  expect(commands.map((line) => line.split(" ")[0])).toEqual(["::error"]);
  const outsideOfCode = result.summary.replaceAll(/`[^`\n]*`/g, "");
  expect(outsideOfCode).not.toMatch(/<script|@acme|\]\(javascript/);
  expect(await stacksOf(lake.name)).toEqual([]);
});

test("a name that only looks like one is refused, and its text cannot become a command", async () => {
  await using lake = await makeSmallLake({ a: makeSecretTemplate({}) });
  const result = await runAction("deploy-layer", { layers: hostile }, { cwd: lake.path });
  expect(result).toMatchObject({ code: 1, outputs: { "failure-reason": "layer-unknown" } });
  expect(result.annotations.map(({ level, title }) => `${level} ${title ?? ""}`)).toEqual([
    "error Layer unknown",
  ]);
  expect(result.log).not.toContain("\n::set-output");
});
