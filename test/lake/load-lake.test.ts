import { expect, test } from "vitest";
import { join } from "node:path";
import { LakeError } from "../../src/core/index.ts";
import { loadLake, selectEnvironment } from "../../src/lake/index.ts";
import { makeFolder, smallTemplate } from "../support/temporary-lake.ts";

const good = `name: shop
region: eu-west-1
environments:
  dev: {}
  prod: { protected: true, account: "111122223333" }
  pr-*: { ephemeral: true, ttl: 72h, layers: [storage] }
layers:
  account: { template: t.json, scope: account }
  storage: { template: t.json, parameters: { Size: 1 } }
`;

async function failureOf(promise: Promise<unknown>): Promise<LakeError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof LakeError)) throw new Error("no LakeError was thrown", { cause: error });
  return error;
}

test("tells every mistake of lake.yaml at once, each with its line and what is allowed", async () => {
  await using folder = await makeFolder({
    "t.json": smallTemplate([], {}),
    "lake.yaml": `name: shop
region: ireland
environments:
  dev: { account: 12, layers: [stroage] }
layers:
  storage: { template: t.json, scope: acount }
  tables: { template: missing.yaml, needs: [storage] }
pipelne: []
`,
  });
  const error = await failureOf(loadLake(join(folder.path, "lake.yaml")));
  expect(error.reason).toBe("invalid-lake");
  expect(error.mistakes.map(({ message, place }) => `${place?.line ?? 0}: ${message}`)).toEqual([
    '2: region: "ireland" must be a region such as ap-northeast-1',
    "4: environments.dev.account: 12 must be of type string",
    '6: layers.storage.scope: "acount" is not allowed; allowed are environment, account',
    expect.stringContaining("there is no such key: pipelne"),
  ]);
});

test("tells names that lead nowhere and templates that are not there", async () => {
  await using folder = await makeFolder({
    "t.json": smallTemplate([], {}),
    "lake.yaml": `${good}  tables: { template: missing.yaml, needs: [stroage] }
pipeline:
  - crawl: [raw, gold]
  - upload: x/
    to: bronze/x/
`,
  });
  const error = await failureOf(loadLake(join(folder.path, "lake.yaml")));
  expect(error.mistakes.map(({ message, place }) => `${place?.line ?? 0}: ${message}`)).toEqual([
    '10: layers.tables.needs: there is no layer "stroage"; there are account, storage and tables',
    '12: pipeline.0.crawl: there is no zone "gold"; there are raw, clean and analytics',
    '14: pipeline.1.to: there is no zone "bronze"; there are raw, clean and analytics',
    "10: layers.tables.template: missing.yaml cannot be read",
  ]);
});

test("lake.local.yaml overrides one person's values and is named when it is wrong", async () => {
  await using folder = await makeFolder({
    "t.json": smallTemplate([], {}),
    "lake.yaml": good,
    "lake.local.yaml": "name: mine\nlayers:\n  storage: { parameters: { Size: 2 } }\n",
  });
  const lake = await loadLake(join(folder.path, "lake.yaml"));
  expect(lake.name).toBe("mine");
  expect(lake.settings.layers["storage"]?.parameters).toEqual({ Size: 2 });
  expect(lake.settings.layers["account"]?.scope).toBe("account");

  await folder.write("lake.local.yaml", "region: nowhere\n");
  const error = await failureOf(loadLake(join(folder.path, "lake.yaml")));
  expect(error.place).toMatchObject({ file: "lake.local.yaml", line: 1 });
});

test("an ephemeral environment never owns the account's layers, and takes only its subset", async () => {
  await using folder = await makeFolder({ "t.json": smallTemplate([], {}), "lake.yaml": good });
  const lake = await loadLake(join(folder.path, "lake.yaml"), { name: "other" });
  const pr = selectEnvironment(lake, "pr-7");
  expect(pr.own).toEqual(["storage"]);
  expect(pr.ttl).toBe(72 * 3_600_000);
  expect(pr.layers.get("storage")?.stack).toBe("other-storage-pr-7");
  expect(pr.layers.get("account")?.stack).toBe("other-account");
  expect(selectEnvironment(lake, "prod")).toMatchObject({ protected: true, account: "111122223333" });
  expect(() => selectEnvironment(lake, "staging")).toThrow('no environment "staging"');
  expect(() => selectEnvironment(lake, "pr-7; rm")).toThrow("no environment's name");
});

test("broken YAML is told with its line", async () => {
  await using folder = await makeFolder({ "lake.yaml": "name: shop\nlayers: [\n" });
  const error = await failureOf(loadLake(join(folder.path, "lake.yaml")));
  expect(error.reason).toBe("invalid-lake");
  expect(error.message).toContain("is no valid YAML");
  expect(error.place?.line).toBe(3);
});
