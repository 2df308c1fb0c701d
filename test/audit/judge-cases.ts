import { auditRecords, type AuditFinding, type AuditSettings, type rules } from "../../src/audit/index.ts";
import type { Case } from "./case.ts";
import { change, settings as lakeSettings, type Json } from "./records.ts";

/** A rule of the audit. */
export type Rule = (typeof rules)[number];

/** Records as a source that has all kinds of events. */
export function sourceOf(records: Iterable<unknown>) {
  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- A source is asynchronous, and these records are at hand.
    records: (async function* () {
      yield* records;
    })(),
    sight: () => ({ kinds: ["writes", "reads", "data"] as const, regions: undefined, cut: undefined }),
  };
}

/** What a rule alone finds in records. */
async function findingsOf(
  rule: Rule,
  records: readonly Json[],
  settings: AuditSettings = lakeSettings,
): Promise<readonly AuditFinding[]> {
  const result = await auditRecords(sourceOf(records), settings, { now: 0, rules: [rule] });
  return result.findings;
}

/** The misses of a case, and those that every rule has: calls of another service or name, and calls that ended another way. */
function missesOf(rule: Rule, { records, misses }: Case): (readonly Json[])[] {
  const [first = {}] = records;
  const name = String(first["eventName"]);
  const source = String(first["eventSource"]).replace(".amazonaws.com", "");
  const checks = rule.checks.filter(
    ({ names, sources }) => names?.includes(name) !== false && sources?.includes(source) !== false,
  );
  const all = (path: string, value: unknown) => [records.map((record) => change(record, path, value))];
  return [
    ...misses,
    ...(checks.every(({ sources }) => sources !== undefined)
      ? all("eventSource", "elsewhere.amazonaws.com")
      : []),
    ...(checks.every(({ names }) => names !== undefined) ? all("eventName", "DoSomething") : []),
    ...(checks.every(({ outcome }) => outcome !== "any") ? all("errorCode", "ValidationException") : []),
  ];
}

/**
 * What is wrong with a rule by its cases; undefined where they all come out as they should.
 *
 * @param whole the rule as it is, where `rule` lacks a part of it.
 */
export async function findMistake(
  rule: Rule,
  cases: readonly Case[],
  whole: Rule = rule,
): Promise<string | undefined> {
  for (const [place, each] of cases.entries()) {
    const [found, ...more] = await findingsOf(rule, each.records);
    if (found?.severity !== each.severity || more.length > 0) {
      return `case ${place} is ${found?.severity ?? "not found"} instead of ${each.severity}`;
    }
    for (const [miss, records] of missesOf(whole, each).entries()) {
      const [wrong] = await findingsOf(rule, records);
      if (wrong !== undefined) return `case ${place}, near miss ${miss} is found`;
    }
  }
  return undefined;
}
