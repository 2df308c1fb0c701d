import { LakeError } from "./errors.ts";

/**
 * A duration such as `30s`, `15m`, `2h`, `3d` or `1h30m`, in milliseconds.
 *
 * @throws LakeError `invalid-input`.
 */
export function parseDuration(text: string): number {
  const units: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)([smhd])/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text.trim()) {
    throw new LakeError(
      "invalid-input",
      `"${text}" is no duration; allowed are forms like 45s, 15m, 2h, 1h30m`,
    );
  }
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ""] ?? 0), 0);
}

/**
 * A boolean as YAML 1.2 and GitHub write it: `true` or `false`, in any case.
 *
 * @throws LakeError `invalid-input`.
 */
export function parseBoolean(text: string): boolean {
  const value = text.trim().toLowerCase();
  if (value === "true") return true;
  if (value === "false") return false;
  throw new LakeError("invalid-input", `"${text}" is no boolean; allowed are true and false`);
}

/** The items of a list written with commas or on lines of their own; blanks and `#` lines are dropped. */
export function parseList(text: string): string[] {
  return text
    .split(/[,\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== "" && !item.startsWith("#"));
}

/** The lines of a text, each as it is but for blanks around it; empty ones are dropped. For what may hold commas. */
export function parseLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/**
 * `Key=value` pairs, a line each; the value may hold anything but a line break, also commas and equals signs.
 *
 * @throws LakeError `invalid-input` for a line with no `=` or a key given twice.
 */
export function parseMap(text: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const line of text.split("\n").map((raw) => raw.trim())) {
    if (line === "" || line.startsWith("#")) continue;
    const at = line.indexOf("=");
    const key = line.slice(0, Math.max(at, 0)).trim();
    if (key === "")
      throw new LakeError("invalid-input", `"${line}" is no pair; write Key=value, a line each`);
    if (Object.hasOwn(pairs, key)) throw new LakeError("invalid-input", `"${key}" is given twice`);
    Object.defineProperty(pairs, key, { value: line.slice(at + 1).trim(), enumerable: true, writable: true });
  }
  return pairs;
}

/**
 * A whole number written in digits.
 *
 * @throws LakeError `invalid-input`.
 */
export function parseInteger(text: string): number {
  if (!/^-?\d{1,15}$/.test(text.trim())) {
    throw new LakeError("invalid-input", `"${text}" is no whole number`);
  }
  return Number(text.trim());
}

/**
 * A share between 0 and 1, written as `0.05` or `5%`.
 *
 * @throws LakeError `invalid-input`.
 */
export function parseShare(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim());
  const share = match ? Number(match[1]) / (match[2] === "%" ? 100 : 1) : Number.NaN;
  if (!(share >= 0 && share <= 1)) {
    throw new LakeError("invalid-input", `"${text}" is no share; allowed are 0 to 1, or 0% to 100%`);
  }
  return share;
}
