import { gzipSync } from "node:zlib";
import { CreateCrawlerCommand, CreateDatabaseCommand, GlueClient } from "@aws-sdk/client-glue";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Context } from "../../src/core/index.ts";
import { region, uniqueName } from "../support/local-lake.ts";

/** A bucket, a database and a crawler of the same name, and a way to put files below `data/`. */
export interface CrawlBed {
  readonly name: string;
  put(key: string, body: string | Uint8Array): Promise<void>;
}

/** Makes a bed on the local lake with these files. */
export async function makeCrawlBed(
  files: Readonly<Record<string, string | Uint8Array>>,
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
  const put: CrawlBed["put"] = async (key, body) => {
    await s3.send(new PutObjectCommand({ Bucket: name, Key: `data/${key}`, Body: body }));
  };
  await Promise.all(Object.entries(files).map(([key, body]) => put(key, body)));
  return { name, put };
}

/**
 * Files that are small to send and that a crawler needs most of a second for, each: it reads the first megabyte of what
 * they hold, which is numbers alone.
 */
export function slowFiles(count: number): Record<string, Uint8Array> {
  const line = `${"1,".repeat(30)}1\n`;
  const body = gzipSync(line.repeat(Math.ceil((1 << 20) / line.length)));
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}/a.csv.gz`, body]));
}
