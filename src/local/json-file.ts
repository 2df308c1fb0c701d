import { readFile, rename, writeFile } from "node:fs/promises";
import type { z } from "zod";

/** What the JSON file holds, or undefined where there is no file or it holds something else than `schema` says. */
export async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text === undefined ? undefined : parseJson(text, schema);
}

/** The value that `text` is the JSON of, or undefined where it is not what `schema` says. */
export function parseJson<T>(text: string, schema: z.ZodType<T>): T | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return schema.safeParse(value).data;
}

/** Writes a JSON file in one move: nobody ever reads half of it. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(value, undefined, 2)}\n`);
  await rename(draft, path);
}
