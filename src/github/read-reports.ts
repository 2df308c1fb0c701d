import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { countOf, LakeError, messageOf } from "../core/index.ts";
import { reportSchema, type Report } from "../report/index.ts";

/** Far above any report that we write; what is larger was not written by us. */
const largestFile = 5_000_000;
const mostFiles = 200;

/** What the files that were named hold. */
export interface ReadReports {
  /** In the order of their time. */
  readonly reports: readonly Report[];
  /** What is wrong with each file that is no report. */
  readonly broken: readonly LakeError[];
}

/**
 * Reads report files: those named, and every `.json` below the folders named. Reports of this action itself are passed
 * over. A file that is no report hides no other.
 *
 * @throws LakeError `invalid-input` for a path that is not there, for too many files, or where not one is a report.
 */
export async function readReports(paths: readonly string[]): Promise<ReadReports> {
  const named = (await Promise.all(paths.map(listFiles))).flat();
  const files = [...new Set(named.map((file) => resolve(file)))];
  if (files.length > mostFiles) {
    throw new LakeError("invalid-input", `reports: ${files.length} files are too many; at most ${mostFiles}`);
  }
  const read = await Promise.all(files.map(readReport));
  const broken = read.filter((each) => each instanceof LakeError);
  const reports = read.flatMap((each) => (each instanceof LakeError || each.verb === "report" ? [] : [each]));
  if (reports.length === 0) throw noReport(paths, broken);
  return {
    reports: reports.sort((a, b) => (a.startedAt ?? "").localeCompare(b.startedAt ?? "")),
    broken,
  };
}

function noReport(paths: readonly string[], broken: readonly LakeError[]): LakeError {
  const [only] = broken;
  if (only && broken.length === 1) return only;
  const where = broken.length === 0 ? `in ${paths.join(", ")}` : `among ${countOf(broken.length, "file")}`;
  return new LakeError("invalid-input", `reports: there is no report ${where}`, {
    hint: "Run this after the actions whose reports it is to show, or download their artifacts first.",
    mistakes: broken.map(({ message }) => ({ message })),
  });
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

async function readReport(path: string): Promise<Report | LakeError> {
  const refuse = (what: string) => new LakeError("invalid-input", `reports: ${relative(".", path)} ${what}`);
  try {
    const { size } = await stat(path);
    if (size > largestFile) return refuse(`has ${size} bytes; no report has more than ${largestFile}`);
    const parsed = reportSchema.safeParse(JSON.parse(await readFile(path, "utf8")));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const where = issue?.path.map(String).join(".") ?? "";
    const what = `${where === "" ? "" : `${where}: `}${issue?.message ?? "unknown shape"}`;
    return refuse(`is no report of this version: ${what}`);
  } catch (error) {
    return refuse(`${error instanceof SyntaxError ? "is no JSON" : "cannot be read"}: ${messageOf(error)}`);
  }
}
