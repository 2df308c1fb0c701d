import { GetTableCommand, GlueClient } from "@aws-sdk/client-glue";
import { awsCodeOf, countOf, listWords, type Context } from "../core/index.ts";
import type { ContractColumn, ContractTable } from "../contracts/index.ts";
import type { Finding } from "../report/index.ts";
import type { CheckResult } from "./check-result.ts";
import { isPromised } from "./hive-types.ts";
import type { MeasuredColumn } from "./measure-sql.ts";

/** The columns of a table in the catalog, partition keys included, by their names in lower case. */
export type CatalogColumns = ReadonlyMap<string, MeasuredColumn>;

/** Reads a table's columns from the Glue catalog; undefined where there is no such table. */
export async function readColumns(
  database: string,
  table: string,
  context: Context,
): Promise<CatalogColumns | undefined> {
  try {
    const answer = await context.clients
      .use(GlueClient)
      .send(new GetTableCommand({ DatabaseName: database, Name: table }), { abortSignal: context.signal });
    const { StorageDescriptor: storage, PartitionKeys: keys } = answer.Table ?? {};
    const columns = [...(storage?.Columns ?? []), ...(keys ?? [])].map((column) => ({
      name: column.Name ?? "",
      type: column.Type ?? "",
    }));
    return new Map(columns.map((column) => [column.name.toLowerCase(), column]));
  } catch (error) {
    if (awsCodeOf(error) === "EntityNotFoundException") return undefined;
    throw error;
  }
}

/** What comparing a table with the catalog gave. */
export interface SchemaCheck {
  readonly result: CheckResult;
  readonly findings: readonly Finding[];
}

/** Compares the columns that a contract promises with those of the catalog. */
export function checkSchema(
  table: ContractTable,
  columns: CatalogColumns | undefined,
  database: string,
): SchemaCheck {
  const subject = table.physicalName;
  const base = {
    table: subject,
    column: undefined,
    name: "schema",
    severity: "error",
    place: table.place,
  } as const;
  if (columns === undefined) {
    const why = `expected the table ${subject} in ${database}, found no such table`;
    const fix = "Crawl the zone, or correct the table's name in the contract.";
    const result = { ...base, outcome: "failed", why, fix } as const;
    return { result, findings: [finding("table missing", subject, why, fix, table)] };
  }
  const findings = table.columns.flatMap((column) => checkColumn(subject, column, columns));
  const promised = new Set(table.columns.map((column) => column.physicalName.toLowerCase()));
  const extra = [...columns.values()].filter((column) => !promised.has(column.name.toLowerCase()));
  const extras = extra.map(({ name, type }): Finding => ({
    severity: "info",
    title: `column not in the contract: ${name}`,
    subject,
    why: `found the column ${name} (${type}), which the contract does not describe`,
    fix: "Describe it in the contract.",
    place: { ...table.place },
  }));
  const found = countOf(table.columns.length - findings.length, "column");
  const why = `expected ${countOf(table.columns.length, "column")} of the contract's types, found ${found}`;
  const outcome = findings.length === 0 ? "passed" : "failed";
  return { result: { ...base, outcome, why, fix: findings[0]?.fix }, findings: [...findings, ...extras] };
}

function checkColumn(subject: string, column: ContractColumn, columns: CatalogColumns): Finding[] {
  const name = column.physicalName;
  const actual = columns.get(name.toLowerCase());
  if (actual === undefined) {
    const have = listWords([...columns.values()].map((one) => one.name));
    const why = `expected the column ${name}, but ${subject} has only ${have}`;
    const fix = "Correct the contract, or what writes the table, and crawl again.";
    return [finding(`column missing: ${name}`, subject, why, fix, column)];
  }
  if (isPromised(column, actual.type)) return [];
  const wanted = column.physicalType ?? column.logicalType ?? "another type";
  const why = `expected ${name} to be of type ${wanted}, found ${actual.type}`;
  const fix = "Correct the type in the contract, or what writes the table.";
  return [finding(`type: ${name}`, subject, why, fix, column)];
}

function finding(
  title: string,
  subject: string,
  why: string,
  fix: string,
  { place }: Pick<ContractTable, "place">,
): Finding {
  return { severity: "error", title, subject, why, fix, place: { ...place } };
}
