import { expect, test } from "vitest";
import { parseJavaSettings } from "../../src/local/find-java.ts";

const settings = (specification: string) => [
  "Property settings:",
  "    java.class.path = ",
  "    java.home = /usr/lib/jvm/some java",
  `    java.specification.version = ${specification}`,
  "    sun.boot.library.path = /usr/lib/jvm",
  "",
  'openjdk version "whatever"',
];

test.each([
  ["17", 17],
  ["1.8", 8],
  ["11", 11],
  ["21", 21],
])("specification version %s is Java %i", (specification, version) => {
  expect(parseJavaSettings(settings(specification))).toEqual({ version, home: "/usr/lib/jvm/some java" });
});

test("what macOS says where no Java is installed is no Java", () => {
  expect(
    parseJavaSettings(["The operation couldn’t be completed. Unable to locate a Java Runtime."]),
  ).toBeUndefined();
});
