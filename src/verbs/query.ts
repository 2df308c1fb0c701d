import { existsSync } from "node:fs";
import { join } from "node:path";
import { readSqlFile, runQuestion } from "../pipeline/index.ts";
import { formatRows } from "./format-rows.ts";
import { openPlace } from "./open-place.ts";
import { defineVerb, reportStep } from "./verb.ts";

/** Runs SQL on Athena. */
export const query = defineVerb({
  name: "query",
  summary:
    "run SQL, or a file of it, on Athena; {raw}, {clean} and {analytics} stand for the zones' databases",
  inputs: {
    sql: { kind: "text", positional: true, required: true, description: "SQL, or a file's name." },
    format: {
      kind: "text",
      choices: ["table", "csv", "json"],
      default: "table",
      description: "How to print the rows.",
    },
    limit: { kind: "integer", default: "1000", description: "Most rows to print." },
  },
  outputs: {},
  changes: false,
  async run({ environment, inputs }, context) {
    const { directory } = environment.lake;
    const isFile = inputs.sql.endsWith(".sql") || existsSync(join(directory, inputs.sql));
    const sql = isFile ? await readSqlFile(directory, inputs.sql) : inputs.sql;
    const settings = {
      sql,
      file: isFile ? inputs.sql : undefined,
      title: isFile ? inputs.sql : "",
      limit: inputs.limit,
    };
    const result = await runQuestion(settings, await openPlace(environment, context), context);
    const whole = { ...reportStep("query", environment, result.summary, result), outputs: {} };
    return inputs.format === "table" ? whole : { ...whole, output: formatRows(inputs.format, result) };
  },
});
