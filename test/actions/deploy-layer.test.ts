import { expect, test } from "vitest";
import { copyLake, stacksOf } from "../support/lakes.ts";
import { runAction } from "../support/run-action.ts";

const parts = ["lake.yaml", "templates", "contracts"];

test("layers are deployed, told, reported, and a second run changes nothing", async () => {
  await using lake = await copyLake("test/fixtures/second-lake", parts);
  const options = { cwd: lake.path, variables: { PROJECT_PREFIX: lake.name } };
  const first = await runAction("deploy-layer", { group: "infrastructure,catalog" }, options);
  expect(first).toMatchObject({ code: 0, annotations: [], outputs: { verdict: "changed", changed: "true" } });
  expect(first.outputs["failure-reason"]).toBe("");
  expect(first.report).toMatchObject({ verb: "deploy", verdict: "changed", lake: lake.name });
  expect(first.summary).toContain("layers deployed");
  const second = await runAction("deploy-layer", { group: "infrastructure,catalog" }, options);
  expect(second.outputs).toMatchObject({ verdict: "unchanged", changed: "false" });
  const gone = await runAction("teardown", { environment: "dev", confirm: "dev" }, options);
  expect(gone).toMatchObject({ code: 0, outputs: { verdict: "changed" } });
  expect(await stacksOf(lake.name)).toEqual([]);
});

test("all wrong inputs are told at once, each with what is allowed", async () => {
  await using lake = await copyLake("test/fixtures/second-lake", parts);
  const result = await runAction(
    "deploy-layer",
    { mode: "aply", timeout: "soon", full: "yes", comment: "maybe" },
    { cwd: lake.path },
  );
  expect(result).toMatchObject({
    code: 1,
    outputs: { verdict: "failed", "failure-reason": "invalid-input" },
  });
  expect(result.annotations.map(({ title, message }) => `${title ?? ""}: ${message}`)).toEqual([
    'Invalid input: mode: "aply" is not allowed; allowed are apply, plan',
    'Invalid input: full: "yes" is no boolean; allowed are true and false',
    'Invalid input: timeout: "soon" is no duration; allowed are forms like 45s, 15m, 2h, 1h30m',
    'Invalid input: comment: "maybe" is no boolean; allowed are true and false',
  ]);
});
