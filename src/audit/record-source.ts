import type { Needs } from "./rule.ts";

/** What a source of records can show at all. */
export interface Sight {
  /** The kinds of events it has; undefined where only the records tell. */
  readonly kinds: readonly Needs[] | undefined;
  /** The regions it has been read in; undefined for all. */
  readonly regions: readonly string[] | undefined;
  /** Why records of the window are left out: "200 pages were read, and there are more". */
  readonly cut: string | undefined;
}

/** Records, and once they are read what could be seen. */
export interface RecordSource {
  /** Records as CloudTrail wrote them, parsed. */
  readonly records: AsyncIterable<unknown>;
  sight(): Sight;
}
