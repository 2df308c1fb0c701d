import { LakeError, type Place } from "../core/index.ts";

/**
 * The error of a query that Athena refused or could not finish.
 *
 * Athena's messages name the place as `line 3:10:`, counted in the query; it is told in the user's file.
 *
 * @param source where the query's first character is; with no column, no columns are told.
 */
export function queryFailed(message: string, source: Place | undefined, cause?: unknown): LakeError {
  const text = message.trim().replace(/\.$/, "");
  const place = placeIn(text, source);
  return new LakeError("query-failed", `Athena refused the query: ${text}`, {
    place,
    hint: hintFor(text),
    cause,
  });
}

/** Where in the user's file the message points; the start of the query where it points nowhere. */
function placeIn(message: string, source: Place | undefined): Place | undefined {
  const match = /\bline (\d+):(\d+)/.exec(message);
  if (match === null || source === undefined) return source;
  const { file, line = 1, column } = source;
  const place = { file, line: line + Number(match[1]) - 1 };
  return column === undefined ? place : { ...place, column: column + Number(match[2]) - 1 };
}

/** What Athena says of where and how a query is to run; other queries would meet the same. */
const aboutSettings =
  /No output location|outputLocation is not a valid|verify\/create output bucket|WorkGroup .* is (not found|disabled)/i;

/** Whether an error is about the query itself, so that another query could go well. */
export function isAboutQuery(error: unknown): error is LakeError {
  return error instanceof LakeError && error.reason === "query-failed" && !aboutSettings.test(error.message);
}

const hints: readonly (readonly [RegExp, string])[] = [
  [/Table '?[^']*'? does not exist|TABLE_NOT_FOUND/i, "Crawl the zone first, or check the table's name."],
  [
    /Column '?[^']*'? cannot be resolved|COLUMN_NOT_FOUND/i,
    "Check the column's name; `describe` shows them.",
  ],
  [
    /HIVE_PARTITION_SCHEMA_MISMATCH/,
    "A partition was written with other types than the table has; crawl it anew or drop the partition.",
  ],
  [/HIVE_BAD_DATA/, 'A file holds something else than its column\'s type; find it with "$path".'],
  [/Bytes scanned limit/i, "Read fewer partitions or columns, or raise the workgroup's limit."],
  [/No output location/i, "Give the workgroup a place for results, or name one by the input `results`."],
  [/outputLocation is not a valid|output bucket/i, "Correct the place for results, s3://bucket/folder/."],
  [/WorkGroup .* is not found/i, "Deploy the layer that makes the workgroup, or check its name."],
];

function hintFor(message: string): string | undefined {
  return hints.find(([pattern]) => pattern.test(message))?.[1];
}
