import type { AuditRecord } from "./record.ts";
import type { Settings } from "./settings.ts";

/** How bad a finding is. */
export type Severity = "critical" | "high" | "medium" | "low";

/** From the worst down. */
export const severities: readonly Severity[] = ["critical", "high", "medium", "low"];

/** Whether something holds; undefined where the record or the settings do not tell. */
export type Answer = boolean | undefined;

/** One question about one record. */
export interface Test {
  /** The question as a statement: "versioning is suspended". */
  readonly says: string;
  holds(record: AuditRecord, settings: Settings): Answer;
}

/** Questions put together; data, so that a test can take any of them away. */
export type Condition =
  | Test
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly no: Condition };

/** Several records that mean something only together. */
export type Correlation = Burst | Spread;

/** So many records with one key within some time. */
export interface Burst {
  readonly kind: "burst";
  key(record: AuditRecord): string | undefined;
  atLeast(settings: Settings): number;
  /** Milliseconds. */
  within(settings: Settings): number;
  /** How much one record counts for; 1 by default. */
  weight?(record: AuditRecord): number;
  /** At least so many different values among them. */
  readonly different?: { readonly atLeast: number; of(record: AuditRecord): string };
}

/** Records with one key and more than one value. */
export interface Spread {
  readonly kind: "spread";
  key(record: AuditRecord): string | undefined;
  value(record: AuditRecord): string | undefined;
}

/** One way for a rule to be hit. */
export interface Check {
  readonly severity: Severity;
  /** The services (`s3`) whose calls it looks at; every service where it is left out. */
  readonly sources?: readonly string[];
  /** The event names it looks at; all where they are left out. */
  readonly names?: readonly string[];
  /** Which calls count. Default: those that succeeded. */
  readonly outcome?: Outcome;
  /** All have to hold. */
  readonly when: readonly Condition[];
  readonly together?: Correlation;
}

/** How a call ended. */
export type Outcome = "succeeded" | "denied" | "any";

/**
 * What has to be recorded for a rule to see anything: calls that write or take a role, calls that only read as well, or data events
 * of objects.
 */
export type Needs = "writes" | "reads" | "data";

/** One rule: data, and pure functions of a record and the settings. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly tactic: string;
  readonly needs: Needs;
  /** The first check that holds decides the severity. */
  readonly checks: readonly Check[];
  /** Why it matters to a lake. */
  readonly why: string;
  /** What to do next. */
  readonly fix: string;
  /** Where the rule comes from. */
  readonly from: string;
}

/** Whether a condition holds, in three-valued logic: what is not known stays unknown unless the rest decides. */
export function judge(condition: Condition, record: AuditRecord, settings: Settings): Answer {
  if ("holds" in condition) return condition.holds(record, settings);
  if ("all" in condition) return judgeAll(condition.all, record, settings);
  if ("any" in condition) {
    let answer: Answer = false;
    for (const each of condition.any) {
      const one = judge(each, record, settings);
      if (one === true) return true;
      if (one === undefined) answer = undefined;
    }
    return answer;
  }
  const answer = judge(condition.no, record, settings);
  return answer === undefined ? undefined : !answer;
}

/** Whether a check holds for a record, apart from what it correlates. */
export function judgeCheck(check: Check, record: AuditRecord, settings: Settings): Answer {
  if (check.names?.includes(record.name) === false) return false;
  if (check.sources?.includes(record.source) === false) return false;
  if (!endedAs(record, check.outcome ?? "succeeded")) return false;
  return judgeAll(check.when, record, settings);
}

function judgeAll(conditions: readonly Condition[], record: AuditRecord, settings: Settings): Answer {
  let answer: Answer = true;
  for (const each of conditions) {
    const one = judge(each, record, settings);
    if (one === false) return false;
    if (one === undefined) answer = undefined;
  }
  return answer;
}

function endedAs(record: AuditRecord, outcome: Outcome): boolean {
  if (outcome === "any") return true;
  return outcome === "denied" ? isDenied(record) : record.errorCode === undefined;
}

/** Whether a call was refused for want of permission: `AccessDenied`, `AccessDeniedException`, `Client.UnauthorizedOperation`. */
export function isDenied({ errorCode }: AuditRecord): boolean {
  if (errorCode === undefined) return false;
  return errorCode.startsWith("AccessDenied") || errorCode.endsWith("UnauthorizedOperation");
}
