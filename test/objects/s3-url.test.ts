import fc from "fast-check";
import { expect, test } from "vitest";
import { formatS3Url, parseS3Url } from "../../src/objects/index.ts";

test("a URL and its parts are two forms of the same, whatever the key holds", () => {
  const buckets = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/);
  fc.assert(
    fc.property(buckets, fc.string({ unit: "grapheme" }), (bucket, key) => {
      expect(parseS3Url(formatS3Url({ bucket, key }))).toEqual({ bucket, key });
    }),
  );
});

test("a bucket alone has the empty key, and Hadoop's schemes are understood", () => {
  expect(parseS3Url("s3://lake-raw")).toEqual({ bucket: "lake-raw", key: "" });
  expect(parseS3Url("s3a://lake-raw/a/b")).toEqual({ bucket: "lake-raw", key: "a/b" });
  expect(parseS3Url("s3n://lake-raw/a/")).toEqual({ bucket: "lake-raw", key: "a/" });
});

test.each(["", "lake-raw/a", "https://lake-raw/a", "s3:/lake-raw", "s3://", "s3://A_B/c"])(
  "%j is refused",
  (url) => {
    expect(() => parseS3Url(url)).toThrow(`"${url}" is no S3 URL; write s3://bucket/key`);
  },
);
