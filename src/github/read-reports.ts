import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { LakeError, messageOf } from "../core/index.ts";
import { reportSchema, type Report } from "../report/index.ts";

/** Far above any report that we write; what is larger was not written by us. */
const largestFile = 5_000_000;
const mostFiles = 200;

/**
 * Reads report files: those named, and every `.json` below the folders named. Reports of this action itself are passed
 * over, and they come in the order of their time.
 *
 * @throws LakeError `invalid-input` for a path that is not there, a file that is no report of this version, or none.
 */
export async function readReports(paths: readonly string[]): Promise<Report[]> {
  const files = (await Promise.all(paths.map(listFiles))).flat();
  if (files.length > mostFiles) {
    throw new LakeError("invalid-input", `reports: ${files.length} files are too many; at most ${mostFiles}`);
  }
  const reports = (await Promise.all(files.map(readReport))).filter(({ verb }) => verb !== "report");
  if (reports.length === 0) {
    throw new LakeError("invalid-input", `reports: there is no report in ${paths.join(", ")}`, {
      hint: "Run this after the actions whose reports it is to show, or download their artifacts first.",
    });
  }
  return reports.sort((a, b) => (a.startedAt ?? "").localeCompare(b.startedAt ?? ""));
}

async function listFiles(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (cause) {
    throw new LakeError("invalid-input", `reports: ${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

async function readReport(file: string): Promise<Report> {
  const { size } = await stat(file);
  if (size > largestFile) {
    throw new LakeError(
      "invalid-input",
      `reports: ${file} has ${size} bytes; no report has more than ${largestFile}`,
    );
  }
  const parsed = reportSchema.safeParse(parseJson(file, await readFile(file, "utf8")));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const what = `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "unknown shape"}`;
  throw new LakeError("invalid-input", `reports: ${file} is no report of this version: ${what}`);
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LakeError("invalid-input", `reports: ${file} is no JSON: ${messageOf(cause)}`, { cause });
  }
}
