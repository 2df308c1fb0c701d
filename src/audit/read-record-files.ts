import { createReadStream } from "node:fs";
import { lstat, opendir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { LakeError, messageOf } from "../core/index.ts";
import { jsonValues } from "./json-values.ts";
import type { RecordSource } from "./record-source.ts";
import { isObject } from "./values.ts";

/**
 * Records from a file, or from all `.json`, `.jsonl`, `.ndjson`, `.log` and `.gz` files in a folder and the folders below it, in
 * the order of their names. A file holds JSON lines, a list, CloudTrail's `{"Records": […]}` or LookupEvents' `{"Events": […]}`,
 * each packed with gzip or not. Digest files, which CloudTrail delivers beside the logs, are passed over. Only one record is in
 * memory at a time.
 *
 * @throws LakeError `nothing-to-read` where there is no such file, and `invalid-input`, naming file, line and byte, where one cannot
 *   be read; both while the records are read.
 */
export function readRecordFiles(path: string): RecordSource {
  return {
    records: readAll(path),
    sight: () => ({ kinds: undefined, regions: undefined, cut: undefined }),
  };
}

async function* readAll(path: string): AsyncGenerator {
  let files = 0;
  for await (const file of findFiles(path)) {
    files += 1;
    yield* readFile(file);
  }
  if (files > 0) return;
  throw new LakeError("nothing-to-read", `there is no log file in ${path}`, {
    hint: "Name a file of CloudTrail records, or a folder with .json or .json.gz files.",
    place: { file: path },
  });
}

async function* findFiles(path: string): AsyncGenerator<string> {
  let isFolder: boolean;
  try {
    isFolder = (await lstat(path)).isDirectory();
  } catch (error) {
    throw unreadable(path, error);
  }
  if (isFolder) yield* walk(path);
  else yield path;
}

async function* walk(folder: string): AsyncGenerator<string> {
  const names: { name: string; isFolder: boolean }[] = [];
  for await (const entry of await opendir(folder)) {
    if (/^CloudTrail-(Digest|Insight|Aggregated)/.test(entry.name)) continue;
    if (entry.isDirectory()) names.push({ name: entry.name, isFolder: true });
    else if (entry.isFile() && /\.(json|jsonl|ndjson|log|gz)$/i.test(entry.name)) {
      names.push({ name: entry.name, isFolder: false });
    }
  }
  names.sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const { name, isFolder } of names) {
    if (isFolder) yield* walk(join(folder, name));
    else yield join(folder, name);
  }
}

async function* readFile(file: string): AsyncGenerator {
  for await (const { value, line } of jsonValues(file, unpack(file))) {
    yield unwrap(value, file, line);
  }
}

/** LookupEvents gives the record as JSON text inside of each event. */
function unwrap(value: unknown, file: string, line: number): unknown {
  const inner = isObject(value) ? value["CloudTrailEvent"] : undefined;
  if (typeof inner !== "string") return value;
  try {
    return JSON.parse(inner) as unknown;
  } catch (error) {
    throw new LakeError(
      "invalid-input",
      `${file} has an event whose CloudTrailEvent is no JSON: ${messageOf(error)}`,
      {
        place: { file, line },
      },
    );
  }
}

/** A file's bytes, unpacked where it begins as gzip does, whatever its name. */
async function* unpack(file: string): AsyncGenerator<Uint8Array> {
  try {
    const chunks = createReadStream(file, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>;
    const iterator = chunks[Symbol.asyncIterator]();
    const first = await iterator.next();
    if (first.done === true) return;
    const whole = prepend(first.value, iterator);
    if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) yield* whole;
    else yield* gunzip(whole);
  } catch (error) {
    throw error instanceof LakeError ? error : unreadable(file, error);
  }
}

async function* prepend(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function* gunzip(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  // Errors of either end come out of the loop over what is unpacked; the callback is only there because pipeline wants one.
  yield* pipeline(Readable.from(chunks), createGunzip(), () => undefined) as AsyncIterable<Buffer>;
}

function unreadable(file: string, error: unknown): LakeError {
  return new LakeError("invalid-input", `${file} cannot be read: ${messageOf(error)}`, {
    cause: error,
    place: { file },
  });
}
