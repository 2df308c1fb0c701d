import { formatCount } from "../core/index.ts";

/** A value as YAML and SQL both know it. */
export type Scalar = string | number | boolean | null;

const equalities = ["mustBe", "mustNotBe"] as const;
const comparisons = [
  "mustBeGreaterThan",
  "mustBeGreaterOrEqualTo",
  "mustBeLessThan",
  "mustBeLessOrEqualTo",
] as const;
const ranges = ["mustBeBetween", "mustNotBeBetween"] as const;

/** The comparison operators of the Open Data Contract Standard 3.1. */
export const operators = [...equalities, ...comparisons, ...ranges] as const;

/** What a measured value is compared with. Ranges include both their ends. */
export type Condition =
  | { readonly operator: (typeof equalities)[number]; readonly value: Scalar }
  | { readonly operator: (typeof comparisons)[number]; readonly value: number }
  | { readonly operator: (typeof ranges)[number]; readonly low: number; readonly high: number };

/**
 * The condition that a rule's keys write down.
 *
 * @returns the condition, or as a string what is wrong with the keys.
 */
export function readCondition(rule: Readonly<Record<string, unknown>>): Condition | string {
  const given = operators.filter((operator) => rule[operator] !== undefined);
  const [operator] = given;
  if (operator === undefined) return `has no operator; write one of ${operators.join(", ")}`;
  if (given.length > 1) return `has ${given.join(" and ")}; a rule takes one operator`;
  const value = rule[operator];
  if (isOneOf(ranges, operator)) return readRange(operator, value);
  if (isOneOf(comparisons, operator)) {
    return isNumber(value) ? { operator, value } : `${operator}: ${JSON.stringify(value)} is no number`;
  }
  if (isScalar(value)) return { operator, value };
  return `${operator}: ${JSON.stringify(value)} is no single value`;
}

function readRange(operator: (typeof ranges)[number], value: unknown): Condition | string {
  const [low, high, ...rest] = Array.isArray(value) ? (value as unknown[]) : [];
  if (!isNumber(low) || !isNumber(high) || rest.length > 0) {
    return `${operator}: ${JSON.stringify(value)} is no pair of numbers; write [smallest, largest]`;
  }
  if (low >= high) return `${operator}: [${low}, ${high}] has its smallest number last`;
  return { operator, low, high };
}

/**
 * Whether a measured value is as promised. Numbers that arrive as text, as Athena sends them, count as numbers
 * wherever the condition names a number, and booleans likewise.
 */
export function holds(condition: Condition, seen: Scalar): boolean {
  switch (condition.operator) {
    case "mustBe":
      return isSame(condition.value, seen);
    case "mustNotBe":
      return !isSame(condition.value, seen);
    case "mustBeGreaterThan":
      return toNumber(seen) > condition.value;
    case "mustBeGreaterOrEqualTo":
      return toNumber(seen) >= condition.value;
    case "mustBeLessThan":
      return toNumber(seen) < condition.value;
    case "mustBeLessOrEqualTo":
      return toNumber(seen) <= condition.value;
    case "mustBeBetween":
      return toNumber(seen) >= condition.low && toNumber(seen) <= condition.high;
    case "mustNotBeBetween":
      return toNumber(seen) < condition.low || toNumber(seen) > condition.high;
  }
}

function isSame(wanted: Scalar, seen: Scalar): boolean {
  if (wanted === null || seen === null) return wanted === seen;
  if (typeof wanted === "number") return toNumber(seen) === wanted;
  return String(wanted) === String(seen);
}

/** NaN, which no comparison holds for, where the value is no number. */
function toNumber(value: Scalar): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}

/** The condition in words, to follow "expected": `0`, `at least 5`, `between 100 and 120`. */
export function describeCondition(condition: Condition): string {
  switch (condition.operator) {
    case "mustBe":
      return describeValue(condition.value);
    case "mustNotBe":
      return `anything but ${describeValue(condition.value)}`;
    case "mustBeGreaterThan":
      return `more than ${describeValue(condition.value)}`;
    case "mustBeGreaterOrEqualTo":
      return `at least ${describeValue(condition.value)}`;
    case "mustBeLessThan":
      return `less than ${describeValue(condition.value)}`;
    case "mustBeLessOrEqualTo":
      return `at most ${describeValue(condition.value)}`;
    case "mustBeBetween":
      return `between ${describeValue(condition.low)} and ${describeValue(condition.high)}`;
    case "mustNotBeBetween":
      return `not between ${describeValue(condition.low)} and ${describeValue(condition.high)}`;
  }
}

/** A value as a sentence shows it: `1,234`, `"paid"`, `null`. */
export function describeValue(value: Scalar): string {
  if (typeof value === "number") return Number.isInteger(value) ? formatCount(value) : String(value);
  return JSON.stringify(value);
}

function isOneOf<T extends string>(words: readonly T[], word: string): word is T {
  return (words as readonly string[]).includes(word);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === "string" || typeof value === "boolean" || isNumber(value);
}
