import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readRecordFiles } from "../../src/audit/index.ts";
import { jsonValues } from "../../src/audit/json-values.ts";
import { call } from "./records.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "audit-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const records = [1, 2, 3].map((number) =>
  call("s3:GetBucketAcl", { bucketName: `a "quoted" [bucket] {${number}} \\`, list: [{ deep: [1, "]"] }] }),
);

async function put(name: string, content: string | Uint8Array): Promise<string> {
  const file = join(folder, name);
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, content);
  return file;
}

async function readAll(path: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const record of readRecordFiles(path).records) found.push(record);
  return found;
}

const forms: Readonly<Record<string, string>> = {
  "a log file": JSON.stringify({ Records: records }),
  "a log file, indented, with more keys": JSON.stringify(
    { Version: [1], Records: records, More: [{}] },
    undefined,
    2,
  ),
  "a list": JSON.stringify(records),
  "JSON lines": records.map((record) => JSON.stringify(record)).join("\n"),
  "JSON lines with a mark and blank lines": `\uFEFF${records.map((record) => JSON.stringify(record)).join("\r\n\n")}\n`,
  "two log files in one": records.map((record) => JSON.stringify({ Records: [record] })).join("\n"),
  "answers of LookupEvents": JSON.stringify({
    NextToken: "a",
    Events: records.map((record) => ({ EventName: "x", CloudTrailEvent: JSON.stringify(record) })),
  }),
};

test.for(Object.entries(forms))("%s is read, packed or not", async ([, text]) => {
  expect(await readAll(await put("plain.json", text))).toEqual(records);
  expect(await readAll(await put("packed", gzipSync(text)))).toEqual(records);
});

test("a folder is read file by file, without digests and what is no log", async () => {
  const [first, second, third] = records.map((record) => JSON.stringify({ Records: [record] }));
  await put("AWSLogs/1/CloudTrail/eu-west-1/2026/11/02/b.json.gz", gzipSync(second ?? ""));
  await put("AWSLogs/1/CloudTrail/eu-west-1/2026/11/01/a.json.gz", gzipSync(first ?? ""));
  await put("c.jsonl", third ?? "");
  await put("AWSLogs/1/CloudTrail-Digest/eu-west-1/d.json", '{"awsAccountId":"1"}');
  await put("notes.txt", "no log");
  expect(await readAll(folder)).toEqual(records);
});

const broken: readonly (readonly [
  what: string,
  text: string | Uint8Array,
  says: RegExp,
  line: number | undefined,
])[] = [
  ["a record with a mistake", '{"a":1}\n{"b":}\n', /no JSON as record 2: .* at byte 8/s, 2],
  ["an end too early", '{"Records":[{"a":1},\n{"b":', /middle of record 2, at byte 21/, 2],
  ["a list without an end", '[{"a":1},', /ends before its list does/, 1],
  ["a bracket too many", '{"a":1}\n]', /a bracket that nothing opens, at byte 8/, 2],
  ["no JSON", "eventName,eventTime\n", /no JSON as record 1/, 1],
  ["an event that is no JSON", '{"Events":[{"CloudTrailEvent":"{"}]}', /CloudTrailEvent is no JSON/, 1],
  [
    "a packed file cut short",
    gzipSync(JSON.stringify(records)).subarray(0, 60),
    /unexpected end of file/,
    undefined,
  ],
];

test.for(broken)("%s is an error that names file and place", async ([, text, says, line]) => {
  const file = await put("broken.json", text);
  await expect(readAll(file)).rejects.toMatchObject({
    reason: "invalid-input",
    message: expect.stringMatching(says) as unknown,
    place: line === undefined ? { file } : { file, line },
  });
});

test("a path with nothing to read is an error", async () => {
  await expect(readAll(folder)).rejects.toMatchObject({ reason: "nothing-to-read" });
  await expect(readAll(join(folder, "absent.json"))).rejects.toMatchObject({ reason: "invalid-input" });
});

test("however a text is cut into chunks, its values are the same", async () => {
  const texts = fc.constantFrom(...Object.values(forms));
  await fc.assert(
    fc.asyncProperty(
      texts,
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }),
      async (text, sizes) => {
        const whole = await values([Buffer.from(text)]);
        expect(await values(cut(Buffer.from(text), sizes))).toEqual(whole);
      },
    ),
    { numRuns: 300 },
  );
});

test("no text does more than end in an error that names its place", async () => {
  const pieces = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    "\\",
    '"Records"',
    '"Events"',
    "1",
    "null",
    "\n",
    " ",
    "é",
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(pieces).map((some) => some.join("")),
      async (text) => {
        try {
          await values([Buffer.from(text)]);
        } catch (error) {
          expect(error).toMatchObject({ reason: "invalid-input", place: { file: "x" } });
        }
      },
    ),
    { numRuns: 2000 },
  );
});

function* cut(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function values(chunks: Iterable<Uint8Array>): Promise<unknown[]> {
  // eslint-disable-next-line @typescript-eslint/require-await -- Chunks are asynchronous, and these are at hand.
  const source = (async function* () {
    yield* chunks;
  })();
  const found: unknown[] = [];
  for await (const { value } of jsonValues("x", source)) found.push(value);
  return found;
}
