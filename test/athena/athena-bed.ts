import {
  AthenaClient,
  BatchGetQueryExecutionCommand,
  CreateWorkGroupCommand,
  ListQueryExecutionsCommand,
  type QueryExecution,
} from "@aws-sdk/client-athena";
import { CreateDatabaseCommand, GlueClient } from "@aws-sdk/client-glue";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { runQuery } from "../../src/athena/index.ts";
import type { Context } from "../../src/core/index.ts";
import { region, uniqueName } from "../support/local-lake.ts";

/** A database of its own, and where Athena puts results. */
export interface AthenaBed {
  readonly database: string;
  readonly workgroup: string;
  readonly outputLocation: string;
}

/** Makes an empty database on the local lake. */
export async function makeAthenaBed(context: Context): Promise<AthenaBed> {
  const name = uniqueName("athena");
  await context.clients
    .use(S3Client)
    .send(
      new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration: { LocationConstraint: region } }),
    );
  await context.clients.use(GlueClient).send(new CreateDatabaseCommand({ DatabaseInput: { Name: name } }));
  return { database: name, workgroup: "primary", outputLocation: `s3://${name}/results/` };
}

/** Makes a table of these columns (`id bigint, name string`) and rows; `\N` is null. */
export async function makeTable(
  {
    name,
    columns,
    rows,
  }: { readonly name: string; readonly columns: string; readonly rows: readonly string[] },
  bed: AthenaBed,
  context: Context,
): Promise<void> {
  const put = new PutObjectCommand({
    Bucket: bed.database,
    Key: `${name}/data.csv`,
    Body: `${rows.join("\n")}\n`,
  });
  await context.clients.use(S3Client).send(put);
  const sql = `create external table ${name} (${columns}) row format delimited fields terminated by ','
    location 's3://${bed.database}/${name}/'`;
  await runQuery({ ...bed, sql }, context);
}

/** Makes a workgroup of its own that says where results go, and a way to see every query that was run in it. */
export async function makeWorkgroup(context: Context) {
  const { database: workgroup, outputLocation: OutputLocation } = await makeAthenaBed(context);
  const client = context.clients.use(AthenaClient);
  const Configuration = { ResultConfiguration: { OutputLocation } };
  await client.send(new CreateWorkGroupCommand({ Name: workgroup, Configuration }));
  const queries = async (): Promise<QueryExecution[]> => {
    const { QueryExecutionIds = [] } = await client.send(
      new ListQueryExecutionsCommand({ WorkGroup: workgroup }),
    );
    if (QueryExecutionIds.length === 0) return [];
    const answer = await client.send(new BatchGetQueryExecutionCommand({ QueryExecutionIds }));
    return answer.QueryExecutions ?? [];
  };
  return { workgroup, database: workgroup, queries };
}
