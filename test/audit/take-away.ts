import type { Rule } from "./judge-cases.ts";

type Check = Rule["checks"][number];
type Condition = Check["when"][number];

/** A rule with one of its predicates taken away, and which. */
export interface Mutant {
  readonly without: string;
  readonly rule: Rule;
}

/** Every rule that comes of taking one predicate away from `rule`: a check, a name, the services, the outcome, a condition. */
export function takeAwayEach(rule: Rule): Mutant[] {
  return rule.checks.flatMap((check, place) => {
    const others = rule.checks.filter((_, index) => index !== place);
    const put = (changed: Check): Rule => ({
      ...rule,
      checks: rule.checks.map((each, index) => (index === place ? changed : each)),
    });
    const say = (what: string) => `${rule.id}, check ${place}: without ${what}`;
    return [
      { without: say("the check"), rule: { ...rule, checks: others } },
      ...changesOf(check).map(([what, changed]) => ({ without: say(what), rule: put(changed) })),
    ];
  });
}

function changesOf(check: Check): [string, Check][] {
  const { names, sources, outcome = "succeeded", when, together } = check;
  return [
    ...(names ?? []).map((name): [string, Check] => [
      name,
      { ...check, names: (names ?? []).filter((each) => each !== name) },
    ]),
    ...(names === undefined ? [] : [["its names", omit(check, "names")] satisfies [string, Check]]),
    ...((sources?.length ?? 0) < 2 ? [] : (sources ?? [])).map((source): [string, Check] => [
      source,
      { ...check, sources: (sources ?? []).filter((each) => each !== source) },
    ]),
    ...(sources === undefined ? [] : [["its services", omit(check, "sources")] satisfies [string, Check]]),
    ...(outcome === "any" ? [] : [["its outcome", { ...check, outcome: "any" }] satisfies [string, Check]]),
    ...(outcome === "any" ? [["calls that failed", omit(check, "outcome")] satisfies [string, Check]] : []),
    ...withoutEach(when).map(([what, rest]): [string, Check] => [what, { ...check, when: rest }]),
    ...(together === undefined ? [] : looser(check, together)),
  ];
}

function omit(check: Check, key: "names" | "sources" | "outcome"): Check {
  return Object.fromEntries(Object.entries(check).filter(([name]) => name !== key)) as unknown as Check;
}

/** A list of conditions without each of them, and without each of the parts of each. */
function withoutEach(conditions: readonly Condition[]): [string, Condition[]][] {
  return conditions.flatMap((condition, place) => [
    [describe(condition), conditions.filter((_, index) => index !== place)] satisfies [string, Condition[]],
    ...inside(condition).map(([what, changed]): [string, Condition[]] => [
      what,
      conditions.map((each, index) => (index === place ? changed : each)),
    ]),
  ]);
}

function inside(condition: Condition): [string, Condition][] {
  if ("all" in condition) return withoutEach(condition.all).map(([what, all]) => [what, { all }]);
  if ("any" in condition) return withoutEach(condition.any).map(([what, any]) => [what, { any }]);
  if ("no" in condition) return inside(condition.no).map(([what, no]) => [what, { no }]);
  return [];
}

function describe(condition: Condition): string {
  if ("holds" in condition) return `"${condition.says}"`;
  if ("no" in condition) return `no ${describe(condition.no)}`;
  const [word, parts] =
    "all" in condition ? (["all", condition.all] as const) : (["any", condition.any] as const);
  return `${word} of ${parts.map(describe).join(", ")}`;
}

/** Correlations that are too easily met. */
function looser(check: Check, together: NonNullable<Check["together"]>): [string, Check][] {
  const one = () => "one";
  if (together.kind === "spread") {
    return [
      ["its key", { ...check, together: { ...together, key: one } }],
      ["its value", { ...check, together: { ...together, value: () => String(Math.random()) } }],
    ];
  }
  const { different } = together;
  return [
    ["its key", { ...check, together: { ...together, key: one } }],
    ["its number", { ...check, together: { ...together, atLeast: () => 1 } }],
    ["its time", { ...check, together: { ...together, within: () => Infinity } }],
    ...(together.weight === undefined
      ? []
      : [["its weight", { ...check, together: { ...together, weight: () => 1 } }] satisfies [string, Check]]),
    ...(different === undefined
      ? []
      : [
          [
            "its different values",
            { ...check, together: { ...together, different: { ...different, atLeast: 1 } } },
          ] satisfies [string, Check],
        ]),
  ];
}
