import { expect, test } from "vitest";
import { stacksOf } from "../support/lakes.ts";
import { uniqueName } from "../support/local-lake.ts";
import { runAction } from "../support/run-action.ts";
import { makeSmallLake } from "../support/temporary-lake.ts";
import { expectFailure } from "./expect-failure.ts";
import { addFault } from "./faults.ts";
import { makeNoteTemplate } from "./templates.ts";

test("AWS that goes on throttling is told as that, and leaves nothing", async () => {
  const name = uniqueName("fault");
  await using lake = await makeSmallLake({ a: makeNoteTemplate(name) }, { name });
  await addFault({
    service: "cloudformation",
    kind: "throttling",
    operation: "CreateChangeSet",
    resource: name,
  });
  expectFailure(await runAction("deploy-layer", {}, { cwd: lake.path }), {
    reason: "throttled",
    title: "AWS throttled the calls",
    says: "AWS went on refusing after 8 attempts",
  });
  expect(await stacksOf(name)).toEqual([]);
});
