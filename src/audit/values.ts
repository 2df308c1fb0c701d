/**
 * Every value at `path` (`targets.s3Targets.path`) inside parsed JSON, with lists taken apart at each step: S3 writes one rule
 * as an object and several as a list. Keys are found in any case, because CloudTrail's own vary even inside one record
 * (EMR's example has `instances.masterInstanceType` beside `ReleaseLabel`). Null counts as absent.
 */
export function valuesAt(value: unknown, path: string): unknown[] {
  let found: unknown[] = [];
  addFlat(found, value);
  for (const key of path.split(".")) {
    const next: unknown[] = [];
    for (const each of found) addFlat(next, memberOf(each, key));
    found = next;
    if (found.length === 0) break;
  }
  return found;
}

/** The values at `path` that are text, number or boolean, as text; whatever else is there is left out. */
export function textsAt(value: unknown, path: string): string[] {
  return valuesAt(value, path).flatMap((each) => {
    const text = textOf(each);
    return text === undefined ? [] : [text];
  });
}

/** The first of {@link textsAt}. */
export function textAt(value: unknown, path: string): string | undefined {
  return textsAt(value, path)[0];
}

/** Text, number or boolean as text; undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** Whether a value is a JSON object: neither null nor a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of an object's own key, in any case; undefined where there is none or `value` is no object. */
export function memberOf(value: unknown, key: string): unknown {
  if (!isObject(value)) return undefined;
  if (Object.hasOwn(value, key)) return value[key];
  const wanted = key.toLowerCase();
  for (const name of Object.keys(value)) {
    if (name.length === wanted.length && name.toLowerCase() === wanted) return value[name];
  }
  return undefined;
}

function addFlat(list: unknown[], value: unknown): void {
  if (value === undefined || value === null) return;
  if (!Array.isArray(value)) {
    list.push(value);
    return;
  }
  for (const each of value as unknown[]) if (each !== undefined && each !== null) list.push(each);
}
