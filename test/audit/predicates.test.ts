import { expect, test } from "vitest";
import { rules } from "../../src/audit/index.ts";
import { cases } from "./cases.ts";
import { findMistake } from "./judge-cases.ts";
import { takeAwayEach } from "./take-away.ts";

test.for(rules.map((rule) => [rule.id, rule] as const))(
  "%s needs each of its predicates: without any of them, a case comes out wrong",
  async ([id, rule]) => {
    const unnoticed: string[] = [];
    for (const mutant of takeAwayEach(rule)) {
      const mistake = await findMistake(mutant.rule, cases[id] ?? [], rule);
      if (mistake === undefined) unnoticed.push(mutant.without);
    }
    expect(unnoticed).toEqual([]);
  },
);
