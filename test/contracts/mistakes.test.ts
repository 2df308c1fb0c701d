import { expect, test } from "vitest";
import { LakeError } from "../../src/core/index.ts";
import { head, load } from "./load-text.ts";

/** The mistakes of a contract as `line: message`. */
async function mistakesOf(text: string): Promise<string[]> {
  const error: unknown = await load(text).catch((thrown: unknown) => thrown);
  if (!(error instanceof LakeError)) throw new Error("the contract was taken");
  expect(error.reason).toBe("invalid-contract");
  return error.mistakes.map(({ message, place }) => `${place?.line ?? "?"}: ${message}`);
}

test("all mistakes are told at once, each with its line", async () => {
  const text = `${head.replace("status: active\n", "")}schema:
  - name: orders
    properties:
      - name: order_id
        requierd: true
        logicalType: text
        quality:
          - metric: nullValue
            mustBe: 0
`;

  expect(await mistakesOf(text)).toEqual([
    "1: status: is missing",
    expect.stringMatching(/^10: .*no such key: requierd$/),
    expect.stringMatching(/^11: .*"text" is not allowed; allowed are string, date/),
    expect.stringMatching(/^13: .*"nullValue" is not allowed; allowed are nullValues/),
  ]);
});

test("mistakes of meaning are told at once too", async () => {
  const text = `${head}schema:
  - name: orders
    properties:
      - name: order_id
        quality:
          - { metric: rowCount, mustBe: 0 }
          - { metric: invalidValues, mustBe: 0 }
          - { metric: nullValues }
          - { metric: nullValues, mustBe: 0, unit: furlongs }
          - { type: sql, mustBe: 0 }
          - { query: select 1, mustBe: 0 }
          - { rule: nullCheck, mustBe: 0 }
          - { type: text, mustBe: 0 }
      - name: order_id
        logicalType: string
        logicalTypeOptions: { maximum: 5 }
    quality:
      - { metric: nullValues, mustBe: 0 }
      - { metric: duplicateValues, arguments: { properties: [nobody] }, mustBe: 0 }
`;

  expect(await mistakesOf(text)).toEqual([
    expect.stringContaining("12: rowCount is for tables"),
    expect.stringContaining("13: invalidValues needs arguments"),
    expect.stringContaining("14: has no operator"),
    expect.stringContaining('15: unit: "furlongs" is not allowed'),
    expect.stringContaining("16: a sql rule needs a query"),
    expect.stringContaining("17: a rule with a query needs type: sql"),
    expect.stringContaining("18: a library rule needs a metric"),
    expect.stringContaining("19: a text rule has no mustBe"),
    expect.stringContaining('20: "order_id" is described twice'),
    expect.stringContaining(
      "22: schema.0.properties.1.logicalTypeOptions: the standard has no such key: maximum",
    ),
    expect.stringContaining("24: nullValues is for columns"),
    expect.stringContaining('25: "nobody" is no property of the table'),
  ]);
});

test("a file that is no YAML, and one that unfolds without end, are mistakes and no crash", async () => {
  const bomb = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
  for (const [name, of] of ["ba", "cb", "dc", "ed"]) {
    bomb.push(
      `${name ?? ""}: &${name ?? ""} [${Array.from({ length: 10 }, () => `*${of ?? ""}`).join(", ")}]`,
    );
  }

  expect(await mistakesOf("id: [1\nkind: }")).toEqual(
    expect.arrayContaining([expect.stringMatching(/^\d+: is no valid YAML/)]),
  );
  expect(await mistakesOf(bomb.join("\n"))).toEqual([expect.stringContaining("is no valid YAML")]);
});
