import type { AuditRecord } from "./record.ts";
import { resourceOf } from "./resource-of.ts";
import { severities, type Rule, type Severity } from "./rule.ts";

/** Hits of one rule by one principal on one resource. */
export interface AuditFinding {
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly tactic: string;
  /** ARN of the role or user, or the service; "unknown" where no record says. */
  readonly principal: string;
  /** What it happened to; undefined where it is about the account, or about many. */
  readonly resource: string | undefined;
  readonly count: number;
  /** ISO 8601, UTC; undefined where no record tells a time. */
  readonly first: string | undefined;
  readonly last: string | undefined;
  /** The calls (`s3:PutBucketPolicy`) with how often, and session names, addresses and regions: at most a few of each. */
  readonly calls: Readonly<Record<string, number>>;
  readonly sessions: readonly string[];
  readonly addresses: readonly string[];
  readonly regions: readonly string[];
  /** Whether somebody did it by hand in the console. */
  readonly fromConsole: boolean;
  /** Event ids, at most {@link mostEvents}; `count` tells how many there are. */
  readonly events: readonly string[];
  readonly why: string;
  readonly fix: string;
  /** Who accepted it, and until when. */
  readonly suppressed?: {
    readonly owner: string;
    readonly reason?: string | undefined;
    readonly expires: string;
  };
}

/** Most event ids kept of one finding. */
const mostEvents = 20;
const mostNames = 10;
/** Most findings of one rule; what comes after is put together as one. */
const mostGroups = 1000;
const theRest = `more than ${mostGroups} others`;

interface Group {
  readonly rule: Rule;
  /** The place of the check in its rule; for checks that correlate records, which may all see the same ones. */
  readonly check: number | undefined;
  readonly principal: string;
  readonly resource: string | undefined;
  severity: Severity;
  count: number;
  first: number;
  last: number;
  fromConsole: boolean;
  readonly calls: Map<string, number>;
  readonly sessions: Set<string>;
  readonly addresses: Set<string>;
  readonly regions: Set<string>;
  readonly events: string[];
}

/** Puts hits together by rule, principal and resource, in bounded memory. */
export class HitGroups {
  readonly #groups = new Map<string, Group>();
  readonly #sizes = new Map<string, number>();

  /** Adds one record that hit; `check` where the rule correlates records. */
  add(rule: Rule, severity: Severity, record: AuditRecord, check?: number): void {
    const group = this.#groupOf(rule, record, check);
    if (severities.indexOf(severity) < severities.indexOf(group.severity)) group.severity = severity;
    group.count += 1;
    group.first = Math.min(group.first, record.time ?? Infinity);
    group.last = Math.max(group.last, record.time ?? -Infinity);
    group.fromConsole ||= record.fromConsole;
    const call = `${record.source}:${record.name}`;
    const calls = group.calls.get(call);
    if (calls !== undefined || group.calls.size < mostNames) group.calls.set(call, (calls ?? 0) + 1);
    addSome(group.sessions, record.principal.session);
    addSome(group.addresses, record.address);
    addSome(group.regions, record.region);
    if (group.events.length < mostEvents && record.id !== "") group.events.push(record.id);
  }

  /** Whether a rule has any. */
  has(rule: string): boolean {
    return this.#sizes.has(rule);
  }

  /** All findings, the worst first and then the latest. */
  toFindings(): AuditFinding[] {
    const groups = [...this.#groups.values()];
    return groups
      .filter((group) => !groups.some((other) => outranks(other, group)))
      .sort(
        (one, other) =>
          severities.indexOf(one.severity) - severities.indexOf(other.severity) || other.last - one.last,
      )
      .map(toFinding);
  }

  #groupOf(rule: Rule, record: AuditRecord, check: number | undefined): Group {
    const about = check === undefined ? resourceOf(record) : undefined;
    const { actor } = record.principal;
    const key = JSON.stringify([rule.id, check, actor, about]);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const size = this.#sizes.get(rule.id) ?? 0;
    if (size >= mostGroups && actor !== theRest) {
      const rest = { ...record, principal: { ...record.principal, actor: theRest }, parameters: undefined };
      return this.#groupOf(rule, { ...rest, resources: [] }, check);
    }
    this.#sizes.set(rule.id, size + 1);
    const group = makeGroup(rule, check, actor, about);
    this.#groups.set(key, group);
    return group;
  }
}

function makeGroup(
  rule: Rule,
  check: number | undefined,
  principal: string,
  resource: string | undefined,
): Group {
  return {
    rule,
    check,
    principal,
    resource,
    severity: "low",
    count: 0,
    first: Infinity,
    last: -Infinity,
    fromConsole: false,
    calls: new Map(),
    sessions: new Set(),
    addresses: new Set(),
    regions: new Set(),
    events: [],
  };
}

/** Whether an earlier check of the same rule said the same about the same principal. */
function outranks(other: Group, group: Group): boolean {
  if (other.check === undefined || group.check === undefined) return false;
  return other.rule === group.rule && other.principal === group.principal && other.check < group.check;
}

function addSome(set: Set<string>, value: string | undefined): void {
  if (value !== undefined && set.size < mostNames) set.add(value);
}

function toFinding(group: Group): AuditFinding {
  const { rule } = group;
  const timeOf = (time: number) => (Number.isFinite(time) ? new Date(time).toISOString() : undefined);
  return {
    rule: rule.id,
    title: rule.title,
    severity: group.severity,
    tactic: rule.tactic,
    principal: group.principal,
    resource: group.resource,
    count: group.count,
    first: timeOf(group.first),
    last: timeOf(group.last),
    calls: Object.fromEntries(group.calls),
    sessions: [...group.sessions],
    addresses: [...group.addresses],
    regions: [...group.regions],
    fromConsole: group.fromConsole,
    events: group.events,
    why: rule.why,
    fix: rule.fix,
  };
}
