import { readFile } from "node:fs/promises";
import { z } from "zod";
import { LakeError, messageOf, type Mistake } from "../core/index.ts";
import { explainIssue, parseYamlSource, valueAt } from "../lake/index.ts";
import { faultRuleSchema, type FaultRule, type PlaceOfMistake } from "./faults.ts";

/** The rules of a file, and where in it each is. */
export interface FaultFile {
  readonly rules: readonly FaultRule[];
  readonly placeOf: PlaceOfMistake;
}

const fileSchema = z.array(faultRuleSchema).min(1, "there is no rule in the list");

/**
 * Reads a YAML or JSON list of fault rules.
 *
 * @throws LakeError `invalid-input` when it cannot be read, or with every mistake and its line.
 */
export async function readFaultFile(path: string): Promise<FaultFile> {
  const source = parseYamlSource(path, await readText(path));
  const parsed = fileSchema.safeParse(source.value);
  if (source.mistakes.length === 0 && parsed.success)
    return { rules: parsed.data, placeOf: (path) => source.place(path) };
  const issues = source.mistakes.length > 0 ? [] : (parsed.error?.issues ?? []);
  const mistakes: Mistake[] = [
    ...source.mistakes,
    ...issues.map((issue) => ({
      message: explainIssue(issue, valueAt(source.value, issue.path)),
      place: source.place(issue.path) ?? { file: path },
    })),
  ];
  const [first] = mistakes;
  throw new LakeError(
    "invalid-input",
    mistakes.length === 1 && first ? first.message : `${mistakes.length} mistakes in ${path}`,
    {
      mistakes,
      place: first?.place,
      hint: "A file of faults is a list of rules, each with service and kind.",
    },
  );
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new LakeError("invalid-input", `${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
}
