import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LakeError } from "../../src/core/index.ts";
import {
  checkBucketNames,
  loadLake,
  orderLayers,
  resolveParameters,
  reverseGraph,
  selectEnvironment,
  wireLayers,
  type Environment,
} from "../../src/lake/index.ts";
import { makeFolder, smallTemplate } from "../support/temporary-lake.ts";

/** An environment whose layers have the given templates; `extra` is put behind each layer's template in lake.yaml. */
async function environmentOf(
  templates: Readonly<Record<string, string>>,
  extra: Readonly<Record<string, string>> = {},
  name = "shop",
): Promise<Environment> {
  const layers = Object.keys(templates).map(
    (layer) => `  ${layer}: { template: ${layer}.json${extra[layer] ?? ""} }`,
  );
  const files = Object.entries(templates).map(([layer, text]) => [`${layer}.json`, text] as const);
  await using folder = await makeFolder({
    ...Object.fromEntries(files),
    "lake.yaml": `name: ${name}\nregion: eu-west-1\nenvironments:\n  dev: {}\nlayers:\n${layers.join("\n")}\n`,
  });
  return selectEnvironment(await loadLake(join(folder.path, "lake.yaml")), "dev");
}

function failureOf(work: () => unknown): LakeError {
  try {
    work();
  } catch (error) {
    if (error instanceof LakeError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

test("a parameter named like another layer's output takes it, and that orders the layers", async () => {
  const environment = await environmentOf({
    tables: smallTemplate(["Bucket", "Environment"], {}),
    storage: smallTemplate(["ProjectPrefix"], { Bucket: "b" }),
  });
  const wiring = wireLayers(environment, environment.own, new Map());
  expect(wiring.order).toEqual(["storage", "tables"]);
  expect(wiring.parameters.get("tables")).toEqual([
    { name: "Bucket", origin: "output", parts: [{ layer: "storage", output: "Bucket" }], noEcho: false },
    { name: "Environment", origin: "lake", parts: ["dev"], noEcho: false },
  ]);
  const wired = wiring.parameters.get("tables") ?? [];
  expect(resolveParameters(wired, new Map([["storage", { Bucket: "shop-raw" }]]))).toEqual({
    Bucket: "shop-raw",
    Environment: "dev",
  });
  expect(failureOf(() => resolveParameters(wired, new Map())).reason).toBe("layer-not-deployed");
});

test("two outputs that could serve are an error naming both, which a reference settles", async () => {
  const templates = {
    one: smallTemplate([], { Key: "1" }),
    two: smallTemplate([], { Key: "2" }),
    user: smallTemplate(["Key"], {}),
  };
  const ambiguous = await environmentOf(templates);
  const error = failureOf(() => wireLayers(ambiguous, ambiguous.own, new Map()));
  expect(error.reason).toBe("output-ambiguous");
  expect(error.message).toBe('layer user: parameter "Key" could take one.Key and two.Key');

  const settled = await environmentOf(templates, { user: ', parameters: { Key: "k/${two.Key}" }' });
  const wiring = wireLayers(settled, settled.own, new Map());
  expect(wiring.graph.get("user")).toEqual(new Set(["two"]));
  const outputs = new Map([["two", { Key: "2" }]]);
  expect(resolveParameters(wiring.parameters.get("user") ?? [], outputs)).toEqual({ Key: "k/2" });
});

test("every parameter that nobody provides is told at once, with file and line", async () => {
  const environment = await environmentOf({
    a: smallTemplate(["X"], {}),
    b: smallTemplate(["Y"], { Y: "own" }),
  });
  const error = failureOf(() => wireLayers(environment, environment.own, new Map()));
  expect(error.reason).toBe("parameter-missing");
  expect(error.mistakes.map(({ message, place }) => `${place?.file ?? ""} ${message}`)).toEqual([
    expect.stringMatching(/^a\.json layer a: nothing provides the parameter "X"/),
    expect.stringMatching(/^b\.json layer b: nothing provides the parameter "Y"/),
  ]);
});

test("layers that wait for each other are told as a circle", async () => {
  const environment = await environmentOf({
    a: smallTemplate(["X"], { Y: "1" }),
    b: smallTemplate(["Y"], { X: "1" }),
  });
  const error = failureOf(() => wireLayers(environment, environment.own, new Map()));
  expect(error.reason).toBe("graph-cycle");
  expect(error.message).toContain("a → b → a");
});

test("an import of another layer's export is an edge", async () => {
  const exporting = JSON.stringify({
    Parameters: { Environment: { Type: "String" } },
    Resources: { A: { Type: "AWS::SNS::Topic" } },
    Outputs: { T: { Value: "x", Export: { Name: { "Fn::Sub": "${AWS::StackName}-topic-${Environment}" } } } },
  });
  const importing = JSON.stringify({
    Resources: {
      B: {
        Type: "AWS::SNS::Topic",
        Properties: { TopicName: { "Fn::ImportValue": "shop-source-dev-topic-dev" } },
      },
    },
  });
  const environment = await environmentOf({ user: importing, source: exporting });
  expect(wireLayers(environment, environment.own, new Map()).order).toEqual(["source", "user"]);
});

test("a lake's name that makes an illegal bucket name is told before anything is made", async () => {
  const template = JSON.stringify({
    Parameters: { ProjectPrefix: { Type: "String" }, Environment: { Type: "String" } },
    Resources: {
      Raw: {
        Type: "AWS::S3::Bucket",
        Properties: { BucketName: { "Fn::Sub": "${ProjectPrefix}-raw-${Environment}" } },
      },
    },
  });
  const fine = await environmentOf({ storage: template });
  expect(() => {
    checkBucketNames(fine);
  }).not.toThrow();
  const shouting = await environmentOf({ storage: template }, {}, "Shop");
  const error = failureOf(() => {
    checkBucketNames(shouting);
  });
  expect(error.message).toContain('"Shop-raw-dev" is no legal bucket name: only lower-case letters');
});

const randomGraph = fc.array(fc.tuple(fc.nat(12), fc.nat(12)), { maxLength: 30 }).map((edges) => {
  const graph = new Map<string, Set<string>>();
  for (const [a, b] of edges) {
    const [later, earlier] = a > b ? [a, b] : [b, a];
    const set = graph.get(`l${later}`) ?? new Set<string>();
    if (later !== earlier) set.add(`l${earlier}`);
    graph.set(`l${later}`, set);
  }
  return graph;
});

test("the order of any graph without a circle puts each layer once, after what it depends on", () => {
  fc.assert(
    fc.property(randomGraph, (graph) => {
      const order = orderLayers(graph);
      expect(new Set(order)).toEqual(new Set(graph.keys()));
      expect(order).toHaveLength(graph.size);
      for (const [layer, dependencies] of graph) {
        for (const dependency of dependencies) {
          if (graph.has(dependency)) expect(order.indexOf(dependency)).toBeLessThan(order.indexOf(layer));
        }
      }
      const back = reverseGraph(graph);
      for (const [layer, dependencies] of graph) {
        for (const dependency of dependencies) {
          if (graph.has(dependency)) expect(back.get(dependency)).toContain(layer);
        }
      }
    }),
  );
});

test("any circle is found, however long", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), (length) => {
      const graph = new Map(
        Array.from({ length }, (_, at) => [`l${at}`, new Set([`l${(at + 1) % length}`])] as const),
      );
      expect(failureOf(() => orderLayers(graph)).reason).toBe("graph-cycle");
    }),
  );
});
