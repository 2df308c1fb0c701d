import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { LakeError, messageOf } from "../core/index.ts";

/** One file to upload. */
export interface LocalFile {
  readonly path: string;
  /** Its path below the folder, with `/` between the parts. */
  readonly name: string;
  readonly size: number;
}

const mebibyte = 1024 * 1024;

/**
 * The size of the parts that a file of `size` bytes is uploaded in: 8 MiB, and more for files of over 78 GiB, because S3
 * takes at most 10,000 parts (Amazon S3 User Guide, "Amazon S3 multipart upload limits"). A file that is no larger than
 * one part is uploaded whole.
 */
export function partSizeOf(size: number): number {
  return Math.max(8, Math.ceil(size / 10_000 / mebibyte)) * mebibyte;
}

/**
 * Finds the files of a folder and of those below it, in the order of their names. Left out are links, which could
 * lead anywhere, and everything whose name begins with a dot, which crawlers and Athena would not read.
 *
 * @throws LakeError `invalid-input` where there is no such folder.
 */
export async function findFiles(folder: string): Promise<LocalFile[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch((error: unknown) => {
    throw new LakeError("invalid-input", `the folder ${folder} could not be read: ${messageOf(error)}`, {
      cause: error,
    });
  });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const named = paths.map((path) => ({ path, name: relative(folder, path).split(sep).join("/") }));
  const visible = named
    .filter(({ name }) => !/(^|\/)\./.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return Promise.all(visible.map(async (file) => ({ ...file, size: (await stat(file.path)).size })));
}

/** What a file's content is known by. */
export interface Digest {
  /** As S3 computes it for an object put in parts of {@link partSizeOf}. */
  readonly etag: string;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

/** Digests a file without holding it in memory. */
export async function digestFile({ path, size }: LocalFile): Promise<Digest> {
  const sha256 = createHash("sha256");
  const parts: Buffer[] = [];
  const partSize = partSizeOf(size);
  for (let start = 0; start === 0 || start < size; start += partSize) {
    const md5 = createHash("md5");
    if (size > 0) {
      for await (const chunk of createReadStream(path, { start, end: start + partSize - 1 })) {
        md5.update(chunk as Buffer);
        sha256.update(chunk as Buffer);
      }
    }
    parts.push(md5.digest());
  }
  // S3's ETag of an object in parts is the MD5 of its parts' MD5s, a dash, and their number.
  const etag =
    parts.length === 1 && size <= partSize
      ? Buffer.concat(parts).toString("hex")
      : `${createHash("md5").update(Buffer.concat(parts)).digest("hex")}-${parts.length}`;
  return { etag, sha256: sha256.digest("hex") };
}

const contentTypes: Readonly<Record<string, string>> = {
  ".csv": "text/csv",
  ".tsv": "text/tab-separated-values",
  ".json": "application/json",
  ".jsonl": "application/x-ndjson",
  ".parquet": "application/vnd.apache.parquet",
  ".py": "text/x-python",
  ".sql": "application/sql",
  ".txt": "text/plain",
  ".gz": "application/gzip",
  ".zip": "application/zip",
};

/** The content type of a file by its name's ending. */
export function contentTypeOf(name: string): string {
  return contentTypes[extname(name).toLowerCase()] ?? "application/octet-stream";
}
