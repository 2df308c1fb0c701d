import { countOf } from "../core/index.ts";
import { tallyBurst, tallySpread, type Tally } from "./correlate.ts";
import type { HitGroups } from "./group-hits.ts";
import type { Sight } from "./record-source.ts";
import type { AuditRecord } from "./record.ts";
import {
  judge,
  judgeCheck,
  severities,
  type Check,
  type Condition,
  type Rule,
  type Severity,
} from "./rule.ts";
import { isOutsideCi } from "./run-rules.ts";
import type { Settings } from "./settings.ts";

/** What one rule came to over the window. "Clean" means that it looked and found nothing. */
export interface RuleOutcome {
  readonly rule: string;
  readonly title: string;
  readonly outcome: "hit" | "clean" | "not visible";
  /** Why it is not visible. */
  readonly because?: string;
}

/** What is known of a rule while records go by. */
interface Watch {
  readonly rule: Rule;
  readonly checks: readonly { readonly check: Check; readonly tally: Tally | undefined }[];
  /** Calls that could not be judged, and the first question that had no answer. */
  unjudged: number;
  question: string | undefined;
}

/** Runs rules over records and tells in the end what each came to; hits go to `hits`. */
export function makeMatcher(rules: readonly Rule[], settings: Settings, hits: HitGroups) {
  const watches = rules.map((rule) => makeWatch(rule, settings));
  const byName = indexByName(watches);
  const kinds = { management: false, data: false };
  const always = watches.filter(({ rule }) => rule.checks.some(({ names }) => names === undefined));
  return {
    add(record: AuditRecord): void {
      if (record.kind === "data") kinds.data = true;
      else kinds.management = true;
      for (const watch of byName.get(record.name) ?? []) look(watch, record, settings, hits);
      for (const watch of always) look(watch, record, settings, hits);
    },
    outcomes(sight: Sight): RuleOutcome[] {
      const { kinds: told = seenKinds(kinds) } = sight;
      return watches.map((watch) => conclude(watch, { ...sight, kinds: told }, hits));
    },
  };
}

function seenKinds({ management, data }: { management: boolean; data: boolean }): readonly Rule["needs"][] {
  return [...(management ? (["writes", "reads"] as const) : []), ...(data ? (["data"] as const) : [])];
}

function makeWatch(rule: Rule, settings: Settings): Watch {
  const checks = rule.checks.map((check) => ({ check, tally: makeTally(check, settings) }));
  return { rule, checks, unjudged: 0, question: undefined };
}

function makeTally({ together }: Check, settings: Settings): Tally | undefined {
  if (together === undefined) return undefined;
  return together.kind === "burst" ? tallyBurst(together, settings) : tallySpread(together);
}

/** Rules that look at a few names only, by those names. */
function indexByName(watches: readonly Watch[]): ReadonlyMap<string, readonly Watch[]> {
  const index = new Map<string, Watch[]>();
  for (const watch of watches) {
    const { checks } = watch.rule;
    if (checks.some(({ names }) => names === undefined)) continue;
    for (const name of new Set(checks.flatMap(({ names }) => names ?? []))) {
      index.set(name, [...(index.get(name) ?? []), watch]);
    }
  }
  return index;
}

function look(watch: Watch, record: AuditRecord, settings: Settings, hits: HitGroups): void {
  let isUnjudged = false;
  for (const [place, { check, tally }] of watch.checks.entries()) {
    const answer = judgeCheck(check, record, settings);
    if (answer === undefined) {
      isUnjudged = true;
      watch.question ??= findQuestion(check, record, settings);
    }
    if (answer !== true) continue;
    if (tally === undefined) {
      hits.add(watch.rule, adjust(check.severity, watch.rule, record, settings), record);
      return;
    }
    for (const one of tally.add(record)) hits.add(watch.rule, check.severity, one, place);
  }
  if (isUnjudged) watch.unjudged += 1;
}

/** One step worse for a change made outside CI, one step less for the run that is told about; the rule on that stays as it is. */
function adjust(severity: Severity, rule: Rule, record: AuditRecord, settings: Settings): Severity {
  const { deployRoles, runSessions } = settings.lists;
  const isOwnRun =
    deployRoles.hasPrincipal(record.principal.actor) && runSessions.has(record.principal.session ?? "");
  const isOutside = rule.id !== "out-of-band-change" && isOutsideCi(record, settings) === true;
  const step = isOutside ? -1 : isOwnRun ? 1 : 0;
  return severities[Math.max(0, severities.indexOf(severity) + step)] ?? "low";
}

/** What the first question says that the record and the settings leave open. */
function findQuestion(check: Check, record: AuditRecord, settings: Settings): string | undefined {
  const open = (condition: Condition): string | undefined => {
    if (judge(condition, record, settings) !== undefined) return undefined;
    if ("holds" in condition) return condition.says;
    const parts = "no" in condition ? [condition.no] : "all" in condition ? condition.all : condition.any;
    return parts.map(open).find((says) => says !== undefined);
  };
  return check.when.map(open).find((says) => says !== undefined);
}

function conclude(watch: Watch, sight: Sight, hits: HitGroups): RuleOutcome {
  const { id: rule, title } = watch.rule;
  if (hits.has(rule)) return { rule, title, outcome: "hit" };
  const because = reasonOf(watch, sight);
  return because === undefined
    ? { rule, title, outcome: "clean" }
    : { rule, title, outcome: "not visible", because };
}

/** Services that write their records in us-east-1 whatever region they are called from. */
const globalSources = new Set(["iam", "budgets", "ce"]);

function reasonOf({ rule, checks, unjudged, question }: Watch, sight: Sight): string | undefined {
  if (sight.kinds?.includes(rule.needs) === false) return unrecorded[rule.needs];
  const isGlobal = rule.checks.every(
    ({ sources }) => sources?.every((each) => globalSources.has(each)) === true,
  );
  if (isGlobal && sight.regions?.includes("us-east-1") === false) return "its records are in us-east-1";
  if (unjudged > 0) {
    return `${countOf(unjudged, "call")} could not be judged: records and settings do not say whether ${question ?? "it holds"}`;
  }
  if (checks.some(({ tally }) => tally?.isFull === true))
    return "there were too many callers to follow all of them";
  return sight.cut === undefined ? undefined : `the window was cut: ${sight.cut}`;
}

const unrecorded: Readonly<Record<Rule["needs"], string>> = {
  writes: "no management events were recorded",
  reads: "calls that only read were not looked at",
  data: "data events of objects are not recorded",
};
