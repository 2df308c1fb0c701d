import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
} from "@aws-sdk/client-cloudformation";
import { expect, test } from "vitest";
import { createClients, silentHost } from "../../src/core/index.ts";
import { reportSchema } from "../../src/report/index.ts";
import { copyLake } from "../support/lakes.ts";
import { createContext, uniqueName } from "../support/local-lake.ts";

const parts = ["lake.yaml", "templates", "data", "contracts"];

test("another company's lake goes through every verb: nothing is wired to the first", async () => {
  await using lake = await copyLake("test/fixtures/second-lake", parts);
  expect((await lake.ask("validate")).json).toMatchObject({
    verdict: "passed",
    layers: ["buckets", "access", "tables"],
  });
  expect((await lake.ask("plan")).json["layers"]).toMatchObject([
    { action: "create" },
    { action: "create" },
    { action: "create" },
  ]);

  const deployed = await lake.ask("deploy --full");
  expect(deployed).toMatchObject({ code: 0, json: { verdict: "changed" } });
  expect(reportSchema.omit({ sections: true }).safeParse(deployed.json).error).toBeUndefined();
  expect((await lake.ask("deploy --full")).json["layers"]).toEqual(
    ["buckets", "access", "tables"].map((layer) => ({ layer, outcome: "unchanged" })),
  );
  expect((await lake.ask("plan")).json.verdict).toBe("unchanged");

  const { json: status } = await lake.ask("status");
  expect(status["layers"]).toMatchObject([
    { status: "CREATE_COMPLETE" },
    { status: "CREATE_COMPLETE" },
    { status: "CREATE_COMPLETE" },
  ]);
  expect(status["tables"]).toMatchObject([{ zone: "raw", table: "events" }]);

  const query = await lake.run(
    "query 'SELECT count(*) AS views, max(page) AS page FROM {raw}.events' --format csv",
  );
  expect(query.stdout).toMatch(/^views,page\r\n\d+,\S+\r\n$/);
  expect((await lake.ask("check")).json).toMatchObject({ verdict: "passed" });

  const refused = await lake.ask("destroy --force");
  expect(refused).toMatchObject({ code: 3, json: { error: { reason: "buckets-not-empty" } } });
  expect(refused.json.error?.message).toMatch(
    /nothing was deleted: there is data in .+ \(\d+ objects?, .+\)/,
  );
  expect(refused.json.error?.hint).toContain("--deep-clean");
  expect((await lake.ask("status")).json).toMatchObject({
    layers: status["layers"],
    tables: status["tables"],
  });
  expect((await lake.ask("destroy --force --deep-clean")).code).toBe(0);
  expect((await lake.ask("resources")).json["resources"]).toEqual([]);
  expect((await lake.ask("destroy --force")).json.verdict).toBe("unchanged");
}, 120_000);

test("a protected environment is never destroyed, and nobody's silence is a yes", async () => {
  await using lake = await copyLake("test/fixtures/second-lake", parts);
  const refused = await lake.ask("destroy -e live --force --deep-clean");
  expect(refused).toMatchObject({ code: 3, json: { error: { reason: "environment-protected" } } });
  expect((await lake.ask("layer buckets deploy")).code).toBe(0);
  const unanswered = await lake.ask("destroy");
  expect(unanswered).toMatchObject({ code: 3, json: { error: { reason: "confirmation-missing" } } });
  expect((await lake.ask("layer buckets cleanup --force")).json["deleted"]).toEqual(["buckets"]);
});

test("a layer that names somebody else's stack is read, never changed", async () => {
  await using lake = await copyLake("test/fixtures/existing-stack", ["lake.yaml", "templates", "legacy"]);
  const stack = uniqueName("legacy");
  const settings = await readFile(join(lake.path, "lake.yaml"), "utf8");
  await lake.write("lake.yaml", settings.replace("legacy-data-storage", stack));
  expect((await lake.ask("validate")).code).toBe(0);
  const early = await lake.ask("deploy");
  expect(early).toMatchObject({ code: 1, json: { error: { reason: "parameter-missing" } } });
  expect(early.json.error?.message).toContain(`stack ${stack} could not be read`);

  const { endpoint } = createContext().clients;
  const credentials = { accessKeyId: "local-lake", secretAccessKey: "local-lake" };
  const client = createClients({ region: "us-east-1", endpoint, credentials }, silentHost).use(
    CloudFormationClient,
  );
  const body = await readFile(join(lake.path, "legacy/data-storage.yaml"), "utf8");
  await client.send(new CreateStackCommand({ StackName: stack, TemplateBody: body }));
  await waitUntilStackCreateComplete({ client, maxWaitTime: 30, minDelay: 1 }, { StackName: stack });
  const read = async () => (await client.send(new DescribeStacksCommand({ StackName: stack }))).Stacks?.[0];
  const before = await read();

  expect((await lake.ask("deploy")).json["layers"]).toEqual([{ layer: "catalog", outcome: "created" }]);
  expect((await lake.ask("destroy --force")).json["deleted"]).toEqual(["catalog"]);
  expect(await read()).toEqual(before);
});
