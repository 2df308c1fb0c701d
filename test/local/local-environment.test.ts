import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { formatExports, localEnvironment, type LocalLake } from "../../src/local/index.ts";

const lake: LocalLake = {
  endpoint: "http://127.0.0.1:4599",
  pid: 1,
  version: "0.1.0",
  port: 4599,
  startedAt: "2026-01-01T00:00:00.000Z",
  folder: "/lake/.datalake/lake",
};

/** The AWS variables that a shell has after `eval`. */
function evaluate(exports: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const script = 'eval "$1"; env';
  const out = execFileSync("/bin/sh", ["-c", script, "sh", exports], { env: before, encoding: "utf8" });
  const pairs = out.split("\n").filter((line) => line.startsWith("AWS_"));
  return Object.fromEntries(
    pairs.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}

test("a shell that evaluates it has the endpoint, keys and region, and nothing that wins over them", () => {
  const before = {
    PATH: "/usr/bin:/bin",
    AWS_PROFILE: "work",
    AWS_SESSION_TOKEN: "real",
    AWS_ACCESS_KEY_ID: "real",
    AWS_ENDPOINT_URL_S3: "http://minio",
    AWS_USE_FIPS_ENDPOINT: "true",
  };
  expect(evaluate(formatExports(localEnvironment(lake, "ap-northeast-1", before)), before)).toEqual({
    AWS_ENDPOINT_URL: "http://127.0.0.1:4599",
    AWS_ACCESS_KEY_ID: "local-lake",
    AWS_SECRET_ACCESS_KEY: "local-lake",
    AWS_REGION: "ap-northeast-1",
    AWS_DEFAULT_REGION: "ap-northeast-1",
    AWS_EC2_METADATA_DISABLED: "true",
  });
});

test("a shell takes a value as text, whatever is in it", () => {
  const region = 'it\'s $HOME `id` \\ ; "x"';
  const evaluated = evaluate(formatExports(localEnvironment(lake, region, {})), { PATH: "/usr/bin:/bin" });
  expect(evaluated["AWS_REGION"]).toBe(region);
});
