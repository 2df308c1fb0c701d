import { createGunzip } from "node:zlib";
import { pipeline } from "node:stream/promises";
import { Readable, Writable } from "node:stream";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { awsCodeOf, type Context } from "../core/index.ts";

/** The end of a log file. */
export interface LogTail {
  readonly text: string;
  /** When the file was written; EMR writes it every few minutes while the step runs, and once more after its end. */
  readonly written: Date | undefined;
}

/** What is kept of a log: its last 256 KiB. A driver's log can be far larger than what memory should hold. */
const keptBytes = 256 * 1024;

/** Reads the end of a gzipped log file from S3; undefined where it is not there yet. */
export async function readLogTail(
  { bucket, key }: { readonly bucket: string; readonly key: string },
  context: Context,
): Promise<LogTail | undefined> {
  try {
    const answer = await context.clients
      .use(S3Client)
      .send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: context.signal });
    if (!(answer.Body instanceof Readable)) return undefined;
    const tail = new TailSink();
    await pipeline(answer.Body, createGunzip(), tail, { signal: context.signal });
    return { text: tail.text(), written: answer.LastModified };
  } catch (error) {
    if (awsCodeOf(error) === "NoSuchKey" || awsCodeOf(error) === "NotFound") return undefined;
    throw error;
  }
}

/** Keeps the last bytes that are written to it. */
class TailSink extends Writable {
  #chunks: Buffer[] = [];
  #size = 0;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    while (this.#size - (this.#chunks[0]?.length ?? 0) >= keptBytes)
      this.#size -= this.#chunks.shift()?.length ?? 0;
    done();
  }

  text(): string {
    return Buffer.concat(this.#chunks).subarray(-keptBytes).toString("utf8");
  }
}
