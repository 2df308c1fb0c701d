import fc from "fast-check";
import { expect, test } from "vitest";
import { LakeError } from "../../src/core/index.ts";
import { formatMarker, parseMarker, type Marker } from "../../src/github/index.ts";
import { markerAt } from "./github-bed.ts";

const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.stringMatching(/^[-<>!= \n%]*$/),
  fc.constantFrom(
    "-->",
    "--!>",
    "<!--",
    "a--b",
    "-",
    "\r\n-->",
    " key=pr-8",
    "%",
    "%2D",
    "\u2028",
    "]]>",
    "`",
  ),
);
const markers: fc.Arbitrary<Marker> = fc.record({
  kind: hostile,
  lake: hostile,
  key: hostile,
  head: fc.stringMatching(/^[0-9a-f]{40}$/),
  run: fc.record({ id: fc.integer({ min: 1 }), attempt: fc.integer({ min: 1 }) }),
  at: fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }),
  cut: fc.boolean(),
});

test("any marker is read back as it was written, from the first line of a body", () => {
  fc.assert(
    fc.property(markers, fc.string(), (marker, body) => {
      const { kind, lake, key } = marker;
      const expected = {
        ...marker,
        kind: kind.toWellFormed(),
        lake: lake.toWellFormed(),
        key: key.toWellFormed(),
      };
      expect(parseMarker(`${formatMarker(marker)}\n${body}`)).toEqual(expected);
    }),
  );
});

test("any marker is one line, and a comment of HTML that ends only at its end", () => {
  fc.assert(
    fc.property(markers, (marker) => {
      const line = formatMarker(marker);
      expect(line).toMatch(/^<!-- [\x21-\x7e ]+ -->$/);
      // Neither HTML ("--!>", a second "<!--") nor XML ("--") sees an end, or a beginning, in between.
      expect(line.slice(4, -3)).not.toMatch(/--|[<>!]/);
    }),
  );
});

test("two markers of different comments are never written alike", () => {
  fc.assert(
    fc.property(markers, hostile, (marker, key) => {
      fc.pre(key.toWellFormed() !== marker.key.toWellFormed());
      expect(formatMarker({ ...marker, key })).not.toBe(formatMarker(marker));
    }),
  );
});

test.each([
  ["head", { head: "main" }],
  ["head", { head: "A".repeat(40) }],
  ["run", { run: { id: 0, attempt: 1 } }],
  ["run", { run: { id: 1.5, attempt: 1 } }],
  ["at", { at: Number.NaN }],
])("writes no marker with a wrong %s", (field, changes) => {
  expect(() => formatMarker(markerAt(1, changes))).toThrow(LakeError);
  expect(() => formatMarker(markerAt(1, changes))).toThrow(field);
});

test("reads a marker with fields of a later version, and none without one of its own", () => {
  const line = formatMarker(markerAt(1));
  expect(parseMarker(line.replace(" -->", " plan=abc -->"))).toEqual(markerAt(1));
  expect(parseMarker(`${line}\r\nWindows`)).toEqual(markerAt(1));
  for (const missing of ["kind", "lake", "key", "head", "run", "at", "cut"]) {
    expect(parseMarker(line.replace(new RegExp(` ${missing}=\\S+`), ""))).toBeUndefined();
  }
  expect(parseMarker(line.replace("key=pr-7", "key=%zz"))).toBeUndefined();
});
