import { readFile } from "node:fs/promises";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { lakeJsonSchema } from "../../src/lake/index.ts";

const read = (file: string) => readFile(new URL(`../../${file}`, import.meta.url), "utf8");

test("the JSON Schema for editors is what the code says; `node scripts/write-lake-schema.ts` renews it", async () => {
  expect(JSON.parse(await read("docs/lake.schema.json"))).toEqual(lakeJsonSchema());
});

test.each(["lake.yaml", "test/fixtures/second-lake/lake.yaml", "test/fixtures/existing-stack/lake.yaml"])(
  "the JSON Schema accepts %s, and nothing with a key it does not know",
  async (file) => {
    const validate = new Ajv2020({ strict: false }).compile(
      JSON.parse(await read("docs/lake.schema.json")) as object,
    );
    const lake = parse(await read(file)) as Record<string, unknown>;
    expect(validate(lake), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...lake, pipelne: [] })).toBe(false);
  },
);
