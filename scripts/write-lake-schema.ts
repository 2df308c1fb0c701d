/** Writes docs/lake.schema.json, which editors use to complete and check lake.yaml, from the schema in the code. */
import { writeFile } from "node:fs/promises";
import { lakeJsonSchema } from "../src/lake/index.ts";

await writeFile(
  new URL("../docs/lake.schema.json", import.meta.url),
  `${JSON.stringify(lakeJsonSchema(), undefined, 2)}\n`,
);
