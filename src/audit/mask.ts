import { isIP } from "node:net";

/** Tells names apart that it hides: the first account is `<account 1>` wherever it appears. */
export type Mask = (text: string) => string;

/**
 * Makes a mask for account ids, network addresses and access key ids. Event ids are left as they are. Use one mask for all that is
 * published together.
 */
export function makeMask(): Mask {
  const names = new Map<string, string>();
  const counts = { account: 0, address: 0, key: 0 };
  const hide = (kind: keyof typeof counts, text: string): string => {
    const known = names.get(text);
    if (known !== undefined) return known;
    counts[kind] += 1;
    const name = `<${kind} ${counts[kind]}>`;
    names.set(text, name);
    return name;
  };
  return (text) =>
    text
      .replace(secrets, (found: string) => {
        if (found.includes("-")) return found;
        return hide(/^\d/.test(found) ? "account" : "key", found);
      })
      .replace(addresses, (found: string) => (isIP(found) === 0 ? found : hide("address", found)));
}

/** UUIDs, which are kept, before what is looked for: access key ids and account ids. */
const secrets =
  /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}|(?<![A-Z\d])A(?:KI|SI)A[A-Z\d]{16}(?![A-Z\d])|(?<!\d)\d{12}(?!\d)/gi;
const addresses = /(?<![\w:.])[\da-f:.]{3,45}(?![\w:.])/gi;

/** A copy of plain data with every text in it masked, also the names of keys. */
export function maskData<T>(value: T, mask: Mask): T {
  return maskAny(value, mask) as T;
}

function maskAny(value: unknown, mask: Mask): unknown {
  if (typeof value === "string") return mask(value);
  if (Array.isArray(value)) return (value as unknown[]).map((each) => maskAny(each, mask));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [mask(key), maskAny(each, mask)]));
}
