import { expect, test } from "vitest";
import { makeWorkgroup } from "../athena/athena-bed.ts";
import { createContext } from "../support/local-lake.ts";
import { runAction, type ActionOptions } from "../support/run-action.ts";
import { makeFolder } from "../support/temporary-lake.ts";
import { describeFailure } from "./describe-failure.ts";

const series = (name: string) => `unnest(sequence(1, 5000)) as ${name}(${name})`;
const endless = `select 1 from ${series("a")}, ${series("b")}, ${series("c")} where a + b + c = -1`;
/** Runs two SQL files that do not end and ends the run; also how their queries have ended in Athena. */
async function endMidway(options: Omit<ActionOptions, "cwd">) {
  const context = createContext();
  const { workgroup, queries } = await makeWorkgroup(context);
  await using folder = await makeFolder({ "one.sql": endless, "two.sql": endless });
  const inputs = { sql: "one.sql,two.sql", workgroup };
  const variables = { RUNNER_DEBUG: "1" };
  const result = await runAction("athena-check", inputs, { cwd: folder.path, variables, ...options });
  return { ...result, states: async () => (await queries()).map(({ Status }) => Status?.State) };
}

const bothFollowed = /(Athena StartQueryExecution[\s\S]+){2}Athena GetQueryExecution/;

test.each([
  { when: "before any query", cancel: /STS GetCallerIdentity/, begun: 0 },
  { when: "as soon as one query has begun", cancel: /Athena StartQueryExecution \d+ ms\n/, begun: undefined },
  { when: "while both queries run", cancel: bothFollowed, begun: 2 },
])("cancelled $when, what was begun is stopped in Athena", async ({ cancel, begun }) => {
  const result = await endMidway({ cancel });
  expect(describeFailure(result)).toEqual({
    code: 1,
    reason: "cancelled",
    verdict: "failed",
    annotations: ["error Cancelled: the run was cancelled\nRun the job again to go on."],
  });
  expect(result.outputs).not.toHaveProperty("failed");
  expect(result.post).toBe("");
  await expect
    .poll(async () => new Set(await result.states()), { timeout: 30_000 })
    .toEqual(new Set(begun === 0 ? [] : ["CANCELLED"]));
  if (begun !== undefined) expect(await result.states()).toHaveLength(begun);
});

test("killed with no chance to stop anything, the post step stops every query and names them", async () => {
  const result = await endMidway({ kill: bothFollowed });
  expect(result).toMatchObject({ code: null, outputs: {}, report: undefined });
  expect(result.post).toMatch(
    /^::warning title=Stopped afterwards::.*; stopped now: query \S+ and query \S+\.$/m,
  );
  await expect.poll(result.states, { timeout: 30_000 }).toEqual(["CANCELLED", "CANCELLED"]);
});
