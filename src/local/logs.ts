import { open } from "node:fs/promises";
import { join } from "node:path";
import { LakeError } from "../core/index.ts";
import { homeOf } from "./home.ts";

const chunkSize = 64 * 1024;

/** The log file of a directory's local lake. */
export function lakeLogOf(directory: string): string {
  return join(homeOf(directory), "lake", "local-lake.log");
}

/**
 * The last `count` lines of the log of a directory's local lake, also of one that was stopped or killed.
 *
 * @throws LakeError `local-lake-down` when none was ever started there.
 */
export async function readLocalLakeLog(directory: string, count: number): Promise<string[]> {
  const path = lakeLogOf(directory);
  const file = await open(path).catch(() => undefined);
  if (file === undefined) {
    throw new LakeError("local-lake-down", `no local lake was started in ${directory}: there is no ${path}`, {
      hint: "Start it with `datalake local start`.",
    });
  }
  try {
    let tail = Buffer.alloc(0);
    let start = (await file.stat()).size;
    while (start > 0 && countLines(tail) <= count) {
      const length = Math.min(chunkSize, start);
      start -= length;
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, start);
      tail = Buffer.concat([buffer, tail]);
    }
    const lines = tail.toString("utf8").split("\n");
    if (lines.at(-1) === "") lines.pop();
    return count > 0 ? lines.slice(-count) : [];
  } finally {
    await file.close();
  }
}

function countLines(text: Buffer): number {
  return text.filter((byte) => byte === 0x0a).length;
}
