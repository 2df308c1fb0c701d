import { expect, test } from "vitest";
import { stacksOf } from "../support/lakes.ts";
import { runAction } from "../support/run-action.ts";
import { makeSmallLake, smallTemplate, type SmallLakeSettings } from "../support/temporary-lake.ts";
import { expectFailure, type ExpectedFailure } from "./expect-failure.ts";

/** A mistake in files or inputs. */
interface Mistake {
  readonly what: string;
  readonly templates?: Readonly<Record<string, string>>;
  readonly settings?: SmallLakeSettings;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly failure: ExpectedFailure;
}

const good = smallTemplate([], {});
const bucket = (name: unknown) =>
  JSON.stringify(
    {
      Parameters: { ProjectPrefix: { Type: "String" } },
      Resources: { Raw: { Type: "AWS::S3::Bucket", Properties: { BucketName: name } } },
    },
    undefined,
    1,
  );

const mistakes: readonly Mistake[] = [
  {
    what: "a lake file that is not there",
    inputs: { lake: "elsewhere/lake.yaml" },
    failure: {
      reason: "invalid-lake",
      title: "Invalid lake",
      says: /there is no file .*\/elsewhere\/lake\.yaml\n/,
    },
  },
  {
    what: "a template that is not there",
    settings: { folder: "infra", more: { b: ", needs: [a] }\n  c: { template: missing.json" } },
    templates: { a: good, b: good },
    inputs: { lake: "infra/lake.yaml" },
    failure: {
      reason: "invalid-lake",
      title: "Invalid lake",
      says: "layers.c.template: missing.json cannot be read",
      file: "infra/lake.yaml",
      line: 8,
    },
  },
  {
    what: "a template that is no YAML, below the repository's root",
    settings: { folder: "infra" },
    templates: { a: 'Resources:\n  Note:\n    Type: "AWS::SSM::Parameter\n' },
    inputs: { lake: "infra/lake.yaml" },
    failure: {
      reason: "invalid-lake",
      title: "Invalid lake",
      says: "a.json is no valid YAML",
      file: "infra/a.json",
      line: 4,
    },
  },
  {
    what: "a template that is something else",
    templates: { a: "Resources:\n  Note: { Properties: {} }\n" },
    failure: {
      reason: "invalid-lake",
      title: "Invalid lake",
      says: "a.json is no CloudFormation template: Resources.Note.Type: is missing",
      file: "a.json",
      line: 2,
    },
  },
  {
    what: "a parameter that nobody provides",
    templates: { a: 'Parameters:\n  Missing: { Type: "String" }\nResources: {}\n' },
    failure: {
      reason: "parameter-missing",
      title: "Parameter missing",
      says: 'layer a: nothing provides the parameter "Missing"',
      file: "a.json",
      line: 2,
    },
  },
  {
    what: "two outputs that could serve",
    templates: {
      a: 'Parameters:\n  Key: { Type: "String" }\nResources: {}\n',
      b: smallTemplate([], { Key: "1" }),
      c: smallTemplate([], { Key: "2" }),
    },
    failure: {
      reason: "output-ambiguous",
      title: "Output ambiguous",
      says: 'layer a: parameter "Key" could take b.Key and c.Key',
      file: "a.json",
      line: 2,
    },
  },
  {
    what: "layers that wait for each other",
    templates: { a: smallTemplate(["X"], { Y: "1" }), b: smallTemplate(["Y"], { X: "1" }) },
    failure: { reason: "graph-cycle", title: "Graph cycle", says: "a → b → a" },
  },
  {
    what: "a name that makes an illegal bucket name",
    settings: { name: "Shouting-Lake" },
    templates: { a: bucket({ "Fn::Sub": "${ProjectPrefix}-raw" }) },
    failure: {
      reason: "invalid-lake",
      title: "Invalid lake",
      says: '"Shouting-Lake-raw" is no legal bucket name: only lower-case',
      file: "lake.yaml",
      line: 1,
    },
  },
  {
    what: "another account than the one named",
    settings: { dev: '{ account: "999999999999" }' },
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
    what: "a layer that is not there",
    inputs: { layers: "a, stroage" },
    failure: {
      reason: "layer-unknown",
      title: "Layer unknown",
      says: 'there is no layer "stroage"\nlake.yaml has a.',
      file: "lake.yaml",
      line: 6,
    },
  },
  {
    what: "a group that is not there",
    inputs: { group: "infra" },
    failure: {
      reason: "invalid-input",
      title: "Invalid input",
      says: 'there is no group "infra"; there are infrastructure, catalog, compute and monitoring',
    },
  },
  {
    what: "an environment that is not there",
    inputs: { environment: "prod" },
    failure: {
      reason: "invalid-input",
      title: "Invalid input",
      says: 'lake.yaml has no environment "prod"\nIt has dev.',
      file: "lake.yaml",
      line: 4,
    },
  },
  {
    what: "a parameter of a layer that is not there",
    inputs: { parameters: "b.Size=2" },
    failure: {
      reason: "layer-unknown",
      title: "Layer unknown",
      says: 'parameters: "b.Size" names a layer that the lake does not have',
      file: "lake.yaml",
      line: 6,
    },
  },
  {
    what: "a parameter that the template does not have",
    inputs: { parameters: "a.Size=2" },
    failure: {
      reason: "invalid-input",
      title: "Invalid input",
      says: 'parameters: layer a: has no parameter "Size"; its template has none',
    },
  },
  {
    what: "a template above CloudFormation's limit",
    templates: { a: good.replace('"here"', JSON.stringify("x".repeat(51_200))) },
    failure: {
      reason: "invalid-template",
      title: "Invalid template",
      says: /layer a: the template has 51\d{3} bytes; AWS takes at most 51200/,
      file: "a.json",
    },
  },
  {
    what: "a template without the name that its stack gets",
    inputs: { template: "a.json" },
    failure: {
      reason: "invalid-input",
      title: "Invalid input",
      says: "template: is given without `stack`",
    },
  },
  {
    what: "a stack without its template",
    inputs: { stack: "alone" },
    failure: {
      reason: "invalid-input",
      title: "Invalid input",
      says: "template: is not given, and stack alone is made from one",
    },
  },
  {
    what: "a template of a stack alone that is not there",
    inputs: { stack: "alone", template: "infra/missing.json" },
    failure: {
      reason: "invalid-template",
      title: "Invalid template",
      says: "infra/missing.json cannot be read",
      file: "infra/missing.json",
    },
  },
  {
    what: "a name that no stack can have",
    inputs: { stack: "my_stack", template: "a.json" },
    failure: {
      reason: "invalid-input",
      title: "Invalid input",
      says: 'stack: "my_stack" is no stack\'s name',
    },
  },
];

test.each(mistakes)("$what is told where it is, and nothing is deployed", async (mistake) => {
  const { templates = { a: good }, settings, inputs = {}, failure } = mistake;
  await using lake = await makeSmallLake(templates, settings);
  const result = await runAction("deploy-layer", inputs, { cwd: lake.path });
  expectFailure(result, failure);
  expect(result.outputs["layers"]).toBeUndefined();
  expect(await stacksOf(lake.name)).toEqual([]);
});
