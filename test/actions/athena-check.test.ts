import { beforeAll, expect, test } from "vitest";
import { makeAthenaBed, makeTable, makeWorkgroup, type AthenaBed } from "../athena/athena-bed.ts";
import { createContext } from "../support/local-lake.ts";
import { runAction, type ActionOptions, type ActionOutcome } from "../support/run-action.ts";
import { makeFolder } from "../support/temporary-lake.ts";
import { describeFailure } from "./describe-failure.ts";

let bed: AthenaBed;
beforeAll(async () => {
  const context = createContext();
  bed = await makeAthenaBed(context);
  await makeTable({ name: "orders", columns: "id string", rows: ["o1"] }, bed, context);
});
const here = () => ({ database: bed.database, results: bed.outputLocation });

/** Runs the action in a workspace of these files. */
async function check(
  inputs: Readonly<Record<string, string>>,
  { files = {}, ...options }: Omit<ActionOptions, "cwd"> & { files?: Readonly<Record<string, string>> } = {},
): Promise<ActionOutcome> {
  await using folder = await makeFolder(files);
  return await runAction("athena-check", inputs, { cwd: folder.path, ...options });
}

const head = 'apiVersion: v3.1.0\nkind: DataContract\nid: orders\nversion: "1"\nstatus: active\nschema:\n';
const counted = `${head}  - name: orders\n    quality: [{ metric: rowCount, mustBe: 1 }, { metric: rowCount, mustBe: 2 }]\n`;
const lake = "name: acme\nregion: ap-northeast-1\nenvironments: { dev: {} }\nlayers: {}\n";

interface Mistake {
  readonly what: string;
  readonly inputs: () => Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly annotations: readonly string[];
}

test.each<Mistake>([
  {
    what: "wrong inputs, all at once",
    inputs: () => ({ comment: "maybe", parameters: "x" }),
    reason: "invalid-input",
    annotations: [
      ' Invalid input: parameters: "x" is no pair; write Key=value, a line each',
      ' Invalid input: comment: "maybe" is no boolean; allowed are true and false',
    ],
  },
  {
    what: "nothing to check",
    inputs: () => ({}),
    files: { "lake.yaml": lake },
    reason: "invalid-input",
    annotations: [" Invalid input: no contract is named, and the pipeline has none"],
  },
  {
    what: "contracts that are not there",
    inputs: () => ({ contracts: "contracts/", lake: "infra/lake.yaml", ...here() }),
    files: { "infra/lake.yaml": lake },
    reason: "invalid-contract",
    annotations: [
      " Invalid contract: contracts could not be read from contracts/: there is no such file or folder\nContracts are looked for beside the lake file; in a workflow, check the repository out first.",
    ],
  },
  {
    what: "a folder with no contract",
    inputs: () => ({ contracts: "contracts/", lake: "infra/lake.yaml", ...here() }),
    files: { "infra/lake.yaml": lake, "infra/contracts/README.md": "" },
    reason: "invalid-contract",
    annotations: [
      " Invalid contract: there is no contract in contracts/\nPut a contract there: a .yaml file of the Open Data Contract Standard 3.1, one a table.",
    ],
  },
  {
    what: "mistakes of several contracts, each at its line",
    inputs: () => ({ contracts: "a/\nb.yaml", lake: "infra/lake.yaml", ...here() }),
    files: {
      "infra/lake.yaml": lake,
      "infra/a/one.yaml": `${head}  - name: orders\n    quality:\n      - { metric: rowCout, mustBe: 1 }\n`,
      "infra/a/two.yaml": "schema: [",
      "infra/b.yaml": counted,
    },
    reason: "invalid-contract",
    annotations: [
      ' infra/a/one.yaml:9 Invalid contract: schema.0.quality.0.metric: "rowCout" is not allowed; allowed are nullValues, missingValues, invalidValues, duplicateValues, rowCount',
      " infra/a/two.yaml:1 Invalid contract: is no valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
  },
  {
    what: "a contract that does not tell its zone",
    inputs: () => ({ contracts: "contracts/orders.yaml" }),
    files: {
      "lake.yaml": `${lake}zones: { raw: { database: a }, clean: { database: b } }\n`,
      "contracts/orders.yaml": counted,
    },
    reason: "invalid-contract",
    annotations: [
      " contracts/orders.yaml Invalid contract: contract orders does not tell its zone\nPut it into a folder named after a zone: raw or clean.",
    ],
  },
  {
    what: "no database",
    inputs: () => ({ contracts: "orders.yaml" }),
    files: { "orders.yaml": counted },
    reason: "layer-not-deployed",
    annotations: [
      " Layer not deployed: no zone has a Glue database yet\nRun `datalake deploy` first, or name one by the input `database`.",
    ],
  },
  {
    what: "a SQL file that is not there",
    inputs: () => ({ sql: "no.sql", ...here() }),
    reason: "invalid-input",
    annotations: [" Invalid input: the SQL file no.sql cannot be read"],
  },
  {
    what: "a workgroup that does not exist, once and not for each check",
    inputs: () => ({ contracts: "orders.yaml", ...here(), workgroup: "nobody" }),
    files: { "orders.yaml": counted },
    reason: "query-failed",
    annotations: [
      " Query failed: Athena refused the query: WorkGroup nobody is not found\nDeploy the layer that makes the workgroup, or check its name.",
    ],
  },
  {
    what: "no place for results",
    inputs: () => ({ contracts: "orders.yaml", database: bed.database }),
    files: { "orders.yaml": counted },
    reason: "query-failed",
    annotations: [
      " Query failed: Athena refused the query: No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input\nGive the workgroup a place for results, or name one by the input `results`.",
    ],
  },
  {
    what: "a place for results that does not exist, of a SQL file too",
    inputs: () => ({ sql: "none.sql", ...here(), results: "s3://nobody-made-this-bucket/" }),
    files: { "none.sql": "select 1 where false" },
    reason: "query-failed",
    annotations: [
      " none.sql:1 Query failed: Athena refused the query: Unable to verify/create output bucket nobody-made-this-bucket\nCorrect the place for results, s3://bucket/folder/.",
    ],
  },
])("$what: told, and no check is run", async ({ inputs, files = {}, reason, annotations }) => {
  const result = await check(inputs(), { files });
  expect(describeFailure(result)).toEqual({
    code: 1,
    reason,
    verdict: "failed",
    annotations: annotations.map((text) => `error${text}`),
  });
  expect(result.report).toMatchObject({ verb: "athena-check", verdict: "failed", failure: { reason } });
  expect(result.outputs).not.toHaveProperty("passed");
  expect(result.post).toBe("");
});

test("a workgroup that says where results go needs no other place, and is the one that is used", async () => {
  const { workgroup, queries } = await makeWorkgroup(createContext());
  const files = { "orders.yaml": counted.replace("mustBe: 2", "mustBeLessThan: 2") };
  const result = await check({ contracts: "orders.yaml", database: bed.database, workgroup }, { files });
  expect(result).toMatchObject({ code: 0, annotations: [], post: "" });
  expect(result.outputs).toMatchObject({ passed: "3", failed: "0", "not-run": "0", verdict: "passed" });
  expect(Number(result.outputs["bytes-scanned"])).toBeGreaterThan(0);
  expect(await queries()).toMatchObject([{ Status: { State: "SUCCEEDED" } }]);
});
