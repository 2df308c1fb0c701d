import { z } from "zod";
import { LakeError } from "../core/index.ts";

/** What a sticky comment says of itself in its first line, which no reader sees. */
export interface Marker {
  /** What the comment is about: "lake", "plan". */
  readonly kind: string;
  readonly lake: string;
  /** Which of the lake's comments it is: the environment, mostly. Kind, lake and key together name one comment. */
  readonly key: string;
  /** The commit that it speaks of, in full. */
  readonly head: string;
  /** The workflow run that wrote it. */
  readonly run: { readonly id: number; readonly attempt: number };
  /** When what it says was true, in milliseconds since the epoch; the later one stays. */
  readonly at: number;
  /** Whether something was left out for want of room. */
  readonly cut: boolean;
}

const textSchema = z.string().transform((text, context) => {
  try {
    return decodeURIComponent(text);
  } catch {
    context.addIssue("not percent-encoded");
    return z.NEVER;
  }
});
const positive = z.number().int().positive();
const fieldsSchema = z.object({
  kind: textSchema,
  lake: textSchema,
  key: textSchema,
  head: z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/),
  run: z
    .string()
    .regex(/^\d+\.\d+$/)
    .transform((run) => run.split(".").map(Number))
    .pipe(z.tuple([positive, positive]))
    .transform(([id, attempt]) => ({ id, attempt })),
  at: z.iso.datetime().transform((at) => Date.parse(at)),
  cut: z.enum(["0", "1"]).transform((cut) => cut === "1"),
});

/**
 * The marker as the first line of a comment. Whatever the texts contain, it is one line and ends as a comment of HTML
 * only at its end: all but letters, digits, and single `-`, `_`, `.` and `/` in them are percent-encoded.
 *
 * @throws LakeError `internal` for a head that is no commit, a run that is none, or a time out of range.
 */
export function formatMarker(marker: Marker): string {
  const { run, cut } = marker;
  const at = new Date(marker.at);
  const fields = {
    kind: encode(marker.kind),
    lake: encode(marker.lake),
    key: encode(marker.key),
    head: marker.head,
    run: `${run.id}.${run.attempt}`,
    at: Number.isNaN(at.getTime()) ? "" : at.toISOString(),
    cut: cut ? "1" : "0",
  };
  const checked = fieldsSchema.safeParse(fields);
  if (!checked.success) throw new LakeError("internal", `no marker: ${z.prettifyError(checked.error)}`);
  const pairs = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  return `<!-- datalake:1 ${pairs.join(" ")} -->`;
}

/** What a comment says of itself, or undefined where its first line is no marker of ours. */
export function parseMarker(body: string): Marker | undefined {
  const [firstLine = ""] = body.split(/\r?\n/, 1);
  const words = /^<!-- datalake:1 (.+) -->$/.exec(firstLine)?.[1];
  if (words === undefined) return undefined;
  const pairs = words.split(" ").map((word) => {
    const [name = "", ...value] = word.split("=");
    return [name, value.join("=")] as const;
  });
  return fieldsSchema.safeParse(Object.fromEntries(pairs)).data;
}

/** Whether both name the same comment. */
export function isSameComment(one: Marker, other: Marker): boolean {
  return one.kind === other.kind && one.lake === other.lake && one.key === other.key;
}

/** Positive where `one` is newer than `other`: by time, then run, then attempt. */
export function compareAge(one: Marker, other: Marker): number {
  return one.at - other.at || one.run.id - other.run.id || one.run.attempt - other.run.attempt;
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll("%2F", "/")
    .replaceAll(/[!'()*~]|-(?=-)/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
