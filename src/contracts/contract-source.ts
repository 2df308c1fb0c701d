import { isNode, isScalar, LineCounter, parseDocument, Scalar, type Document } from "yaml";
import { messageOf, type Mistake, type Place } from "../core/index.ts";

/** Keys and indexes from the top of a file down to a value. */
export type Path = readonly PropertyKey[];

/** A contract file as written: its data, and where in the file each piece is. */
export interface ContractSource {
  readonly file: string;
  readonly value: unknown;
  /** Mistakes of the YAML itself; `value` is then undefined. */
  readonly mistakes: readonly Mistake[];
  /** Where the value at `path` is, or the nearest thing around it that the file has. */
  place(path: Path): Place;
  /** Where a text begins, if each of its lines is a line of the file; undefined for folded texts. */
  textPlace(path: Path): Place | undefined;
}

/** Parses YAML 1.2 (JSON is a part of it), keeping positions. Never throws: see `mistakes`. */
export function parseContractSource(file: string, text: string): ContractSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const mistakes: Mistake[] = document.errors.map((error) => ({
    message: `is no valid YAML: ${error.message}`,
    place: placeAt(error.pos[0]),
  }));
  let value: unknown;
  try {
    if (mistakes.length === 0) value = document.toJS();
  } catch (error) {
    // The parser refuses aliases that would unfold to a file many times its size only when it makes values of them.
    mistakes.push({ message: `is no valid YAML: ${messageOf(error)}`, place: { file } });
  }
  return {
    file,
    value,
    mistakes,
    place: (path) => placeAt(offsetOf(document, path)),
    textPlace(path) {
      const offset = textOffset(document, path, text);
      return offset === undefined ? undefined : placeAt(offset);
    },
  };
}

function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function textOffset(document: Document, path: Path, text: string): number | undefined {
  const node = document.getIn(path, true);
  if (!isScalar(node) || !node.range) return undefined;
  const [start, end] = node.range;
  if (node.type === Scalar.BLOCK_LITERAL) {
    const body = text.indexOf("\n", start) + 1;
    return body + text.slice(body).search(/\S/);
  }
  if (node.type === Scalar.BLOCK_FOLDED || text.slice(start, end).includes("\n")) return undefined;
  return node.type === Scalar.PLAIN ? start : start + 1;
}
