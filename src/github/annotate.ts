import { posix } from "node:path";
import { LakeError, printable, type Place } from "../core/index.ts";
import type { Report } from "../report/index.ts";
import type { Annotation, Commands } from "./commands.ts";

/** GitHub keeps ten annotations of each level a step and drops the others unsaid. */
const most = 10;

/** What there is to mark. */
interface Marks {
  readonly report: Report;
  readonly error: LakeError | undefined;
  /** The folder that files in places are relative to, itself relative to the repository. */
  readonly directory: string;
}

/**
 * Marks what failed where it is in the user's files: one annotation a failure, the worst first; where there are more than
 * GitHub keeps, the last one counts those that are left out.
 */
export function annotate({ report, error, directory }: Marks, commands: Commands): void {
  const annotations = [
    ...(error ? ofError(error, directory) : []),
    ...report.findings
      .filter((finding) => finding.severity !== "info")
      .map(({ severity, title, subject, why, fix, place }): Annotation => {
        const message = fix === undefined ? why : `${why}\n${fix}`;
        const level = severity === "error" ? "error" : "warning";
        return { level, title: `${subject}: ${title}`, message, ...locate(place, directory) };
      }),
  ];
  for (const level of ["error", "warning"] as const) {
    const all = annotations.filter((annotation) => annotation.level === level);
    const shown = all.length > most ? all.slice(0, most - 1) : all;
    shown.forEach((annotation) => {
      commands.annotate(makePrintable(annotation));
    });
    const left = all.length - shown.length;
    if (left > 0) {
      const message = `${left} more are in the job's summary and in the report file.`;
      commands.annotate({ level, title: "And more", message });
    }
  }
}

function ofError(error: LakeError, directory: string): Annotation[] {
  const hint = error.hint === undefined ? "" : `\n${error.hint}`;
  const level = "error";
  const title = titles[error.reason] ?? sentence(error.reason);
  if (error.mistakes.length < 2) {
    const place = error.place ?? error.mistakes[0]?.place;
    return [{ level, title, message: `${error.message}${hint}`, ...locate(place, directory) }];
  }
  return error.mistakes.map(({ message, place }) => {
    return { level, title, message: `${message}${hint}`, ...locate(place, directory) };
  });
}

/** Titles that the reason's own words would not make. */
const titles: Readonly<Partial<Record<LakeError["reason"], string>>> = {
  internal: "A fault of datalake-actions",
  "aws-error": "AWS failed",
  "access-denied": "AWS denied access",
  throttled: "AWS throttled the calls",
};

/** `stack-failed` as `Stack failed`. */
function sentence(reason: string): string {
  const words = reason.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Where a place is in the repository; nothing for a file outside it. */
function locate(place: Place | undefined, directory: string): Pick<Annotation, "file" | "line" | "column"> {
  if (place === undefined) return {};
  const file = posix.normalize(posix.join(directory, place.file));
  if (posix.isAbsolute(place.file) || file.startsWith("..") || file === ".") return {};
  return { file, line: place.line, column: place.column };
}

function makePrintable(annotation: Annotation): Annotation {
  const lines = annotation.message.split("\n").map(printable);
  return { ...annotation, title: printable(annotation.title), message: lines.join("\n") };
}
