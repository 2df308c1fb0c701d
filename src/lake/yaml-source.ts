import { isNode, LineCounter, parseDocument, type Document } from "yaml";
import type { z } from "zod";
import type { Mistake, Place } from "../core/index.ts";

type Path = readonly PropertyKey[];

/** A YAML file whose values know the line they came from. */
export interface YamlSource {
  readonly file: string;
  readonly value: unknown;
  /** Mistakes of the YAML itself. */
  readonly mistakes: readonly Mistake[];
  /** Where the value at `path` is, or the nearest thing around it that exists; undefined where the file lacks all of it. */
  place(path: Path): Place | undefined;
}

/** Parses YAML 1.2 text, keeping positions; never throws on bad YAML, see `mistakes`. */
export function parseYamlSource(file: string, text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const mistakes = document.errors.map((error) => ({
    message: `is no valid YAML: ${error.message}`,
    place: placeAt(error.pos[0]),
  }));
  return {
    file,
    value: mistakes.length > 0 ? undefined : (document.toJS() as unknown),
    mistakes,
    place(path) {
      const offset = offsetOf(document, path);
      return offset === undefined ? undefined : placeAt(offset);
    },
  };
}

/** The offset of the deepest part of `path` that the document has; undefined if it has not even the first part. */
export function offsetOf(document: Document, path: Path): number | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return undefined;
}

/** One zod issue in the words of a person: the path, the wrong value where it helps, and what is allowed. */
export function explainIssue(issue: z.core.$ZodIssue, value: unknown): string {
  const where = issue.path.map(String).join(".");
  const prefix = where === "" ? "" : `${where}: `;
  switch (issue.code) {
    case "unrecognized_keys":
      return `${prefix}there is no such key: ${issue.keys.join(", ")}`;
    case "invalid_value":
      return `${prefix}${quote(value)} is not allowed; allowed are ${issue.values.map(String).join(", ")}`;
    case "invalid_type":
      return value === undefined
        ? `${prefix}is missing`
        : `${prefix}${quote(value)} must be of type ${issue.expected}`;
    case "invalid_key":
      return `${prefix}${issue.issues.map((inner) => inner.message).join("; ")}`;
    default:
      return `${prefix}${value === undefined || typeof value === "object" ? "" : `${quote(value)} `}${issue.message}`;
  }
}

/** The value at `path` inside parsed data. */
export function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    data,
  );
}

function quote(value: unknown): string {
  return typeof value === "symbol" ? String(value) : JSON.stringify(value);
}
