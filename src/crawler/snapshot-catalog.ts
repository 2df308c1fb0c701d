import { paginateGetTables, GlueClient, type Column, type Table } from "@aws-sdk/client-glue";
import { awsCodeOf, type Context } from "../core/index.ts";

/** One column as the catalog types it: `bigint`, `array<string>`. */
export interface CatalogColumn {
  readonly name: string;
  readonly type: string;
}

/** One table of the Glue catalog. */
export interface CatalogTable {
  readonly name: string;
  readonly columns: readonly CatalogColumn[];
  readonly partitionKeys: readonly CatalogColumn[];
  /** `csv`, `parquet`, as the crawler classified it. */
  readonly classification: string | undefined;
  readonly location: string | undefined;
  /** As the crawler estimated them; undefined where it did not. */
  readonly rows: number | undefined;
  readonly bytes: number | undefined;
}

/** The tables of one database, by name. */
export type CatalogSnapshot = ReadonlyMap<string, CatalogTable>;

/** Reads every table of a database; a database that does not exist has none. */
export async function snapshotCatalog(database: string, context: Context): Promise<CatalogSnapshot> {
  const client = context.clients.use(GlueClient);
  const tables = new Map<string, CatalogTable>();
  try {
    const pages = paginateGetTables({ client }, { DatabaseName: database }, { abortSignal: context.signal });
    for await (const page of pages) {
      for (const table of page.TableList ?? []) tables.set(table.Name ?? "", toCatalogTable(table));
    }
  } catch (error) {
    if (awsCodeOf(error) !== "EntityNotFoundException") throw error;
  }
  return tables;
}

function toCatalogTable(table: Table): CatalogTable {
  const parameters = table.Parameters ?? {};
  return {
    name: table.Name ?? "",
    columns: toColumns(table.StorageDescriptor?.Columns),
    partitionKeys: toColumns(table.PartitionKeys),
    classification: parameters["classification"],
    location: table.StorageDescriptor?.Location,
    rows: toCount(parameters["recordCount"]),
    bytes: toCount(parameters["sizeKey"]),
  };
}

function toColumns(columns: readonly Column[] = []): CatalogColumn[] {
  return columns.map((column) => ({ name: column.Name ?? "", type: column.Type ?? "" }));
}

function toCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
