import { CreateCrawlerCommand, CreateDatabaseCommand, GlueClient } from "@aws-sdk/client-glue";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Context } from "../../src/core/index.ts";
import { region, uniqueName } from "../support/local-lake.ts";

/** A bucket, a database and a crawler of the same name, and a way to put files below `data/`. */
export interface CrawlBed {
  readonly name: string;
  put(key: string, body: string): Promise<void>;
}

/** Makes a bed on the local lake with these files. */
export async function makeCrawlBed(
  files: Readonly<Record<string, string>>,
  context: Context,
): Promise<CrawlBed> {
  const name = uniqueName("crawl");
  const s3 = context.clients.use(S3Client);
  const glue = context.clients.use(GlueClient);
  await s3.send(
    new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration: { LocationConstraint: region } }),
  );
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: name } }));
  await glue.send(
    new CreateCrawlerCommand({
      Name: name,
      Role: "arn:aws:iam::123456789012:role/glue",
      DatabaseName: name,
      Targets: { S3Targets: [{ Path: `s3://${name}/data/` }] },
    }),
  );
  const put = async (key: string, body: string) => {
    await s3.send(new PutObjectCommand({ Bucket: name, Key: `data/${key}`, Body: body }));
  };
  for (const [key, body] of Object.entries(files)) await put(key, body);
  return { name, put };
}
