import { createHash, scryptSync } from "node:crypto";

/** What decides whether a layer has to change. */
export interface FingerprintParts {
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Names of the parameters whose values are secret. */
  readonly noEcho: ReadonlySet<string>;
  readonly tags: Readonly<Record<string, string>>;
  readonly stack: string;
}

/**
 * The name of the change set that brings a stack to exactly this template, these parameters and tags:
 * `datalake-` and 32 hexadecimal digits. AWS keeps it on the stack, so it is how a later run sees that nothing changed.
 *
 * The name is public. A secret therefore enters through scrypt, salted with the stack's name, which makes guessing it
 * from the name as slow as guessing a password.
 */
export function fingerprint(parts: FingerprintParts): string {
  const parameters = Object.entries(parts.parameters).map(([name, value]) => [
    name,
    parts.noEcho.has(name) ? scryptSync(value, `${parts.stack}/${name}`, 32).toString("hex") : value,
  ]);
  const sorted = (pairs: (string | undefined)[][]) => pairs.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  const content = JSON.stringify([parts.template, sorted(parameters), sorted(Object.entries(parts.tags))]);
  return `datalake-${createHash("sha256").update(content).digest("hex").slice(0, 32)}`;
}
