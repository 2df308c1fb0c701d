import { LakeError, messageOf } from "../core/index.ts";
import { isObject } from "./values.ts";

/** A value of a file, and where it begins: its number and line counted from 1, its byte from 0, all of the unpacked text. */
export interface FoundValue {
  readonly value: unknown;
  readonly number: number;
  readonly line: number;
  readonly byte: number;
}

/** The longest value that is read: CloudTrail's own records end at 256 KB, or 1 MB where a trail says so. */
const longest = 16 * 1024 * 1024;

/** As far back as a wrapping key is looked for: the longest, and blanks behind it. */
const keyLength = 64;

const newline = 0x0a;
const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const opensList = 0x5b;
const opensObject = 0x7b;
const isBlank = (byte: number): boolean =>
  byte === 0x20 || byte === newline || byte === 0x0d || byte === 0x09;
const isOpening = (byte: number): boolean => byte === 0x7b || byte === 0x5b;
const isClosing = (byte: number): boolean => byte === 0x7d || byte === 0x5d;
/** The three bytes that some editors put before UTF-8. */
const isMark = (byte: number): boolean => byte === 0xef || byte === 0xbb || byte === 0xbf;

/**
 * Finds the values of a JSON text that comes in chunks: JSON lines, the items of a list, or the items of `Records` (CloudTrail's
 * log files) or `Events` (answers of LookupEvents) in an object. Holds one chunk and one value at a time.
 *
 * @throws LakeError `invalid-input`, naming `file`, line and byte, where the text is no JSON.
 */
export async function* jsonValues(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<FoundValue> {
  const cutter = new Cutter(file);
  for await (const chunk of chunks) yield* cutter.cut(chunk);
  yield* cutter.end();
}

/** A value that is being read. */
interface Begun {
  readonly number: number;
  readonly line: number;
  readonly byte: number;
  readonly opener: number;
  /** Its bytes in earlier chunks. */
  pieces: Uint8Array[];
  length: number;
}

/** The value of a line; undefined where it is no JSON, or wraps records. */
function parseLine(line: Uint8Array): unknown {
  try {
    const value = JSON.parse(
      Buffer.from(line.buffer, line.byteOffset, line.length).toString("utf8"),
    ) as unknown;
    return isObject(value) && (Array.isArray(value["Records"]) || Array.isArray(value["Events"]))
      ? undefined
      : value;
  } catch {
    return undefined;
  }
}

class Cutter {
  readonly #file: string;
  #begun: Begun | undefined;
  /** Where `#begun` starts in this chunk. */
  #from = 0;
  #passed = 0;
  #number = 0;
  #line = 1;
  #depth = 0;
  /** The depth at which values are found: 0, or inside of a list 1 or 2. */
  #base = 0;
  /** Whether what is left of a wrapping object is skipped. */
  #isTail = false;
  /** Whether lines have been values by themselves so far. */
  #mayBeLine = true;
  #inText = false;
  #isEscaped = false;
  #found: FoundValue[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  /** The values that end in this chunk. */
  cut(chunk: Uint8Array): FoundValue[] {
    this.#from = 0;
    this.#found = [];
    for (let at = 0; at < chunk.length; at += 1) {
      if (this.#inText) at = this.#passText(chunk, at);
      else if (this.#mayBeLine && chunk[at] === opensObject) at = this.#takeLine(chunk, at);
      else this.#take(chunk, at, chunk[at] ?? 0);
    }
    if (this.#begun !== undefined) this.#keep(this.#begun, chunk, chunk.length);
    this.#passed += chunk.length;
    return this.#found;
  }

  /** A number or word that ends with the file. */
  end(): FoundValue[] {
    this.#found = [];
    const begun = this.#begun;
    if (begun !== undefined && this.#depth === 0 && !this.#inText) this.#finish(begun, new Uint8Array(), 0);
    else if (begun !== undefined) throw this.#fail(`ends in the middle of record ${begun.number}`, begun);
    else if (this.#depth > 0) throw this.#fail("ends before its list does", this.#place(0));
    return this.#found;
  }

  /** Passes the rest of a text; returns the place of its closing quote, or of the end of the chunk. */
  #passText(chunk: Uint8Array, start: number): number {
    let isEscaped = this.#isEscaped;
    let at = start;
    for (; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (isEscaped) isEscaped = false;
      else if (byte === backslash) isEscaped = true;
      else if (byte === quote) {
        this.#inText = false;
        if (this.#begun !== undefined && this.#depth === this.#base) this.#finish(this.#begun, chunk, at + 1);
        break;
      }
    }
    this.#isEscaped = isEscaped;
    return at;
  }

  /**
   * Takes a line that is a value by itself, without a look at its bytes: JSON has no line breaks inside of texts. Returns the
   * place of the line's end, or `at` where the value has to be looked for byte by byte.
   */
  #takeLine(chunk: Uint8Array, at: number): number {
    if (this.#begun !== undefined || this.#depth > 0) {
      this.#take(chunk, at, opensObject);
      return at;
    }
    const end = chunk.indexOf(newline, at);
    const value = end < 0 ? undefined : parseLine(chunk.subarray(at, end));
    if (value === undefined) {
      this.#mayBeLine = end < 0;
      this.#take(chunk, at, opensObject);
      return at;
    }
    this.#number += 1;
    this.#found.push({ value, number: this.#number, ...this.#place(at) });
    this.#line += 1;
    return end;
  }

  #take(chunk: Uint8Array, at: number, byte: number): void {
    if (byte === newline) this.#line += 1;
    const begun = this.#begun;
    if (begun === undefined) this.#takeBetween(at, byte);
    else if (byte === quote) this.#inText = true;
    else if (isOpening(byte)) this.#open(begun, chunk, at);
    else if (this.#depth === this.#base) this.#takeScalar(begun, chunk, at, byte);
    else if (isClosing(byte)) {
      this.#depth -= 1;
      if (this.#depth === this.#base) this.#finish(begun, chunk, at + 1);
    }
  }

  /** A number or a word goes on up to a blank, a comma or the end of its list. */
  #takeScalar(begun: Begun, chunk: Uint8Array, at: number, byte: number): void {
    if (!isBlank(byte) && byte !== comma && !isClosing(byte)) return;
    this.#finish(begun, chunk, at);
    this.#takeBetween(at, byte);
  }

  #takeBetween(at: number, byte: number): void {
    if (this.#isTail) this.#takeTail(byte);
    else if (isBlank(byte) || (byte === comma && this.#base > 0)) return;
    else if (isMark(byte) && this.#passed + at < 3) return;
    else if (isClosing(byte)) this.#closeList(at);
    else if (byte === opensList && this.#base === 0) {
      this.#depth = 1;
      this.#base = 1;
    } else this.#begin(at, byte);
  }

  #takeTail(byte: number): void {
    if (byte === quote) this.#inText = true;
    else if (isOpening(byte)) this.#depth += 1;
    else if (isClosing(byte)) this.#depth -= 1;
    this.#isTail = this.#depth > 0;
  }

  #begin(at: number, byte: number): void {
    this.#number += 1;
    this.#from = at;
    this.#begun = { number: this.#number, ...this.#place(at), opener: byte, pieces: [], length: 0 };
    if (byte === quote) this.#inText = true;
    else if (isOpening(byte)) this.#depth += 1;
  }

  #open(begun: Begun, chunk: Uint8Array, at: number): void {
    this.#depth += 1;
    const isList = chunk[at] === opensList && this.#base === 0 && this.#depth === 2;
    if (!isList || begun.opener === opensList || !this.#isWrapper(begun, chunk, at)) return;
    this.#base = 2;
    this.#begun = undefined;
    this.#number = 0;
  }

  /** Whether the key just read is one that wraps records. */
  #isWrapper(begun: Begun, chunk: Uint8Array, at: number): boolean {
    const here = chunk.subarray(Math.max(this.#from, at - keyLength), at);
    let before = Buffer.alloc(0);
    for (const piece of begun.pieces.toReversed()) {
      if (here.length + before.length >= keyLength) break;
      before = Buffer.concat([piece.subarray(-keyLength), before]);
    }
    return /"(Records|Events)"\s*:\s*$/.test(Buffer.concat([before, here]).toString("latin1"));
  }

  #closeList(at: number): void {
    if (this.#base === 0) throw this.#fail("has a bracket that nothing opens", this.#place(at));
    this.#depth -= 1;
    this.#isTail = this.#depth > 0;
    this.#base = 0;
  }

  #finish(begun: Begun, chunk: Uint8Array, end: number): void {
    this.#keep(begun, chunk, end);
    this.#begun = undefined;
    const { number, line, byte, pieces } = begun;
    const [only] = pieces;
    const bytes =
      pieces.length === 1 && only ? Buffer.from(only.buffer, only.byteOffset, only.length) : undefined;
    try {
      const value = JSON.parse((bytes ?? Buffer.concat(pieces)).toString("utf8")) as unknown;
      this.#found.push({ value, number, line, byte });
    } catch (error) {
      throw this.#fail(`holds no JSON as record ${number}: ${messageOf(error)}`, begun);
    }
  }

  #keep(begun: Begun, chunk: Uint8Array, end: number): void {
    begun.pieces.push(chunk.subarray(this.#from, end));
    begun.length += end - this.#from;
    this.#from = 0;
    if (begun.length > longest) throw this.#fail(`has no end of record ${begun.number} within 16 MB`, begun);
  }

  #place(at: number): { line: number; byte: number } {
    return { line: this.#line, byte: this.#passed + at };
  }

  #fail(what: string, { line, byte }: { line: number; byte: number }): LakeError {
    return new LakeError("invalid-input", `${this.#file} ${what}, at byte ${byte}`, {
      hint: "Give CloudTrail's log files, JSON lines, or the answer of `aws cloudtrail lookup-events`.",
      place: { file: this.#file, line },
    });
  }
}
