import { expect, test } from "vitest";
import { rules } from "../../src/audit/index.ts";
import { cases } from "./cases.ts";
import { findMistake } from "./judge-cases.ts";

test("there are 60 rules, each with a case and two near misses", () => {
  expect(rules).toHaveLength(60);
  expect(Object.keys(cases).sort()).toEqual(rules.map(({ id }) => id).sort());
  for (const { id } of rules) {
    expect(cases[id]?.[0]?.misses.length, `near misses of ${id}`).toBeGreaterThanOrEqual(2);
  }
});

test.for(rules.map((rule) => [rule.id, rule] as const))(
  "%s finds its cases and no near miss",
  async ([id, rule]) => {
    expect(await findMistake(rule, cases[id] ?? [])).toBeUndefined();
  },
);
