/** `850 ms`, `4.2 s`, `3 min 05 s`, `2 h 10 min` from milliseconds. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

const byteUnits = ["B", "KB", "MB", "GB", "TB", "PB"] as const;

/** `812 B`, `1.4 MB`: decimal units, as AWS bills. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${byteUnits[unit] ?? "B"}`;
}

/** `1,234,567`. */
export function formatCount(count: number | bigint): string {
  return count.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** `1 table`, `4 tables`. */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

/** `a, b and c`. */
export function listWords(words: readonly string[], conjunction = "and"): string {
  const last = words.at(-1);
  if (last === undefined) return "none";
  return words.length === 1 ? last : `${words.slice(0, -1).join(", ")} ${conjunction} ${last}`;
}

/**
 * Text from AWS or data, made safe for a terminal or a log: control characters, which could move the cursor or change colours,
 * are shown as their escapes.
 */
export function printable(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
