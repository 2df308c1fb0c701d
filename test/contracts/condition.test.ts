import fc from "fast-check";
import { expect, test } from "vitest";
import {
  describeCondition,
  holds,
  operators,
  readCondition,
  type Condition,
} from "../../src/contracts/index.ts";

const numbers = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));

/** A condition as a contract writes it. */
function write(operator: (typeof operators)[number], low: number, high: number): Condition {
  const isRange = operator === "mustBeBetween" || operator === "mustNotBeBetween";
  const condition = readCondition({ [operator]: isRange ? [low, high] : low });
  if (typeof condition === "string") throw new Error(condition);
  return condition;
}

test.each([
  ["mustBe", [5], [4, 6]],
  ["mustNotBe", [4, 6], [5]],
  ["mustBeGreaterThan", [6], [4, 5]],
  ["mustBeGreaterOrEqualTo", [5, 6], [4]],
  ["mustBeLessThan", [4], [5, 6]],
  ["mustBeLessOrEqualTo", [4, 5], [6]],
  ["mustBeBetween", [5, 7, 9], [4, 10]],
  ["mustNotBeBetween", [4, 10], [5, 7, 9]],
] as const)("%s holds for %j and not for %j", (operator, right, wrong) => {
  const condition = write(operator, 5, 9);

  expect(right.map((seen) => holds(condition, seen))).toEqual(right.map(() => true));
  expect(wrong.map((seen) => holds(condition, seen))).toEqual(wrong.map(() => false));
});

test("each operator is the opposite of its counterpart, for any numbers", () => {
  const opposites = [
    ["mustBe", "mustNotBe"],
    ["mustBeGreaterThan", "mustBeLessOrEqualTo"],
    ["mustBeLessThan", "mustBeGreaterOrEqualTo"],
    ["mustBeBetween", "mustNotBeBetween"],
  ] as const;
  fc.assert(
    fc.property(fc.constantFrom(...opposites), numbers, numbers, numbers, ([one, other], low, high, seen) => {
      fc.pre(low < high);
      expect(holds(write(one, low, high), seen)).toBe(!holds(write(other, low, high), seen));
    }),
  );
});

test("a number that arrives as text compares like the number", () => {
  fc.assert(
    fc.property(fc.constantFrom(...operators), numbers, numbers, numbers, (operator, low, high, seen) => {
      fc.pre(low < high);
      const condition = write(operator, low, high);
      expect(holds(condition, String(seen))).toBe(holds(condition, seen));
    }),
  );
});

test("no comparison holds for null or for a text that is no number", () => {
  const comparisons = operators.filter((operator) => operator !== "mustNotBe");
  fc.assert(
    fc.property(fc.constantFrom(...comparisons), fc.constantFrom(null, "", " ", "many"), (operator, seen) => {
      expect(holds(write(operator, 0, 1), seen)).toBe(false);
    }),
  );
});

test("a query's truth can be asked for as a boolean", () => {
  expect(holds({ operator: "mustBe", value: true }, "true")).toBe(true);
  expect(holds({ operator: "mustBe", value: true }, "false")).toBe(false);
  expect(holds({ operator: "mustBe", value: null }, null)).toBe(true);
});

test.each([
  [{}, "has no operator"],
  [{ mustBe: 1, mustNotBe: 2 }, "mustBe and mustNotBe"],
  [{ mustBeLessThan: "5" }, '"5" is no number'],
  [{ mustBeBetween: [5] }, "no pair of numbers"],
  [{ mustBeBetween: [5, 1] }, "smallest number last"],
  [{ mustBe: [1] }, "no single value"],
])("%j is refused: %s", (rule, words) => {
  expect(readCondition(rule)).toContain(words);
});

test.each([
  [{ mustBe: 0 }, "0"],
  [{ mustBe: "paid" }, '"paid"'],
  [{ mustBeGreaterOrEqualTo: 1000 }, "at least 1,000"],
  [{ mustBeLessThan: 0.5 }, "less than 0.5"],
  [{ mustNotBeBetween: [1, 2] }, "not between 1 and 2"],
])("%j reads: expected %s", (rule, words) => {
  const condition = readCondition(rule);

  expect(typeof condition === "string" ? condition : describeCondition(condition)).toBe(words);
});
