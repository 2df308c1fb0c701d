import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { packageFolder } from "./home.ts";

/** A set of pinned and hashed requirements: `local-lake/requirements/<set>.txt`. */
export type RequirementSet = "lake" | "spark-3.5" | "spark-4" | "jre" | "dev";

/** The file of a set. */
export function requirementsFile(set: RequirementSet): string {
  return join(packageFolder, "requirements", `${set}.txt`);
}

/** The first 12 hexadecimal digits of the SHA-256 of the sets' files, whatever their order. */
export async function hashRequirements(sets: readonly RequirementSet[]): Promise<string> {
  const hash = createHash("sha256");
  for (const set of [...sets].sort()) hash.update(`${set}\n`).update(await readFile(requirementsFile(set)));
  return hash.digest("hex").slice(0, 12);
}

/** How many packages the sets name; one that several sets name counts once. */
export async function countPackages(sets: readonly RequirementSet[]): Promise<number> {
  const texts = await Promise.all(sets.map((set) => readFile(requirementsFile(set), "utf8")));
  return new Set(texts.flatMap((text) => text.match(/^[\w.-]+(?===)/gm) ?? [])).size;
}
