import fc from "fast-check";
import { expect, test } from "vitest";
import { priceQuery } from "../../src/athena/index.ts";

const megabyte = 2 ** 20;

test("ten megabytes is the least, and a terabyte costs five dollars", () => {
  const least = priceQuery(10 * megabyte, "us-east-1");

  expect(priceQuery(0, "us-east-1")).toBe(least);
  expect(priceQuery(1, "ap-northeast-1")).toBe(least);
  expect(least).toBeCloseTo(0.0000477, 7);
  expect(priceQuery(2 ** 40, "us-east-1")).toBe(5);
});

test("a begun megabyte is a whole one", () => {
  expect(priceQuery(20 * megabyte + 1, "us-east-1")).toBe(priceQuery(21 * megabyte, "us-east-1"));
  expect(priceQuery(20 * megabyte, "us-east-1")).toBe((20 * 5) / 2 ** 20);
});

test("more bytes never cost less", () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 45 }), fc.nat({ max: 2 ** 30 }), (bytes, more) => {
      expect(priceQuery(bytes + more, "us-east-1")).toBeGreaterThanOrEqual(
        priceQuery(bytes, "us-east-1") ?? 0,
      );
    }),
  );
});

test("statements of DDL are free, and an unknown region's price is unknown", () => {
  expect(priceQuery(0, "us-east-1", "DDL")).toBe(0);
  expect(priceQuery(0, "mars-north-1")).toBeUndefined();
});
