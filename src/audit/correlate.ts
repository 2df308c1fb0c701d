import type { AuditRecord } from "./record.ts";
import type { Burst, Spread } from "./rule.ts";
import type { Settings } from "./settings.ts";

/** Groups a burst by who called. */
export const byActor = ({ principal }: AuditRecord): string => principal.actor;

/** The settings' length of a burst, in milliseconds. */
export const minutesOf = ({ burstMinutes }: Settings): number => burstMinutes * 60_000;

/** A record that waits for its like. */
interface Seen {
  readonly time: number;
  readonly weight: number;
  readonly value: string;
  readonly record: AuditRecord;
}

/** A correlation while records go by, in any order. */
export interface Tally {
  /** The records that have come to mean something together, with this one; none while too few have been seen. */
  add(record: AuditRecord): readonly AuditRecord[];
  /** Whether memory ran out, so that something may have been missed. */
  readonly isFull: boolean;
}

/** Most records that one tally keeps waiting, over all keys: about 100 MB at worst. */
const most = 50_000;

/**
 * Most records of one key that wait for different ones. Without that, a key waits with fewer records at a time than make a
 * burst; with it, thousands of one value could wait for another, and those furthest in time from the newest are let go.
 */
const mostOfOne = 200;

/** Counts bursts: at least so many within so long, exact in whatever order records come. */
export function tallyBurst(burst: Burst, settings: Settings): Tally {
  const waiting = new Map<string, Seen[]>();
  const done = new Set<string>();
  const tally = { isFull: false, kept: 0 };
  return {
    get isFull() {
      return tally.isFull;
    },
    add(record) {
      const key = burst.key(record);
      if (key === undefined || record.time === undefined) return [];
      if (done.has(key)) return [record];
      if (tally.kept >= most) {
        tally.isFull = true;
        tally.kept = 0;
        waiting.clear();
      }
      const list = waiting.get(key) ?? [];
      waiting.set(key, list);
      const at = insert(list, seenOf(record, record.time, burst));
      tally.kept += 1;
      if (!isBurst(list, at, burst, settings)) {
        if (burst.different !== undefined && list.length > mostOfOne) {
          list.splice(at > list.length / 2 ? 0 : list.length - 1, 1);
          tally.kept -= 1;
        }
        return [];
      }
      done.add(key);
      waiting.delete(key);
      tally.kept -= list.length;
      return list.map((seen) => seen.record);
    },
  };
}

function seenOf(record: AuditRecord, time: number, burst: Burst): Seen {
  return { time, weight: burst.weight?.(record) ?? 1, value: burst.different?.of(record) ?? "", record };
}

/** Puts `seen` into a list that is sorted by time; returns where. */
function insert(list: Seen[], seen: Seen): number {
  let at = list.length;
  while (at > 0 && (list[at - 1]?.time ?? 0) > seen.time) at -= 1;
  list.splice(at, 0, seen);
  return at;
}

/** Whether some stretch of time around the record at `at` holds enough: one walk with both its ends. */
function isBurst(list: readonly Seen[], at: number, burst: Burst, settings: Settings): boolean {
  const within = burst.within(settings);
  const pivot = list[at]?.time ?? 0;
  let from = at;
  while (from > 0 && pivot - (list[from - 1]?.time ?? 0) <= within) from -= 1;
  const values = new Map<string, number>();
  let weight = 0;
  const count = ({ weight: one, value }: Seen, sign: 1 | -1): void => {
    weight += sign * one;
    const left = (values.get(value) ?? 0) + sign;
    if (left > 0) values.set(value, left);
    else values.delete(value);
  };
  for (let to = from; to < list.length; to += 1) {
    const last = list[to];
    if (last === undefined || last.time - pivot > within) break;
    count(last, 1);
    for (let first = list[from]; first && last.time - first.time > within; first = list[from]) {
      count(first, -1);
      from += 1;
    }
    if (weight >= burst.atLeast(settings) && values.size >= (burst.different?.atLeast ?? 1)) return true;
  }
  return false;
}

/** Watches for keys that come with more than one value. */
export function tallySpread(spread: Spread): Tally {
  const first = new Map<string, { readonly value: string; readonly record: AuditRecord }>();
  const done = new Set<string>();
  const tally = { isFull: false };
  return {
    get isFull() {
      return tally.isFull;
    },
    add(record) {
      const key = spread.key(record);
      const value = spread.value(record);
      if (key === undefined || value === undefined) return [];
      if (done.has(key)) return [record];
      const known = first.get(key);
      if (known === undefined) {
        if (first.size >= most) {
          tally.isFull = true;
          first.clear();
        }
        first.set(key, { value, record });
        return [];
      }
      if (known.value === value) return [];
      done.add(key);
      return [known.record, record];
    },
  };
}
