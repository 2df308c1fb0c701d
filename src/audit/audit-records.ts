import { ActivityCount, type Activity } from "./activity.ts";
import { makeMatcher, type RuleOutcome } from "./match-rules.ts";
import { HitGroups, type AuditFinding } from "./group-hits.ts";
import { readRecord, type AuditRecord } from "./record.ts";
import type { RecordSource, Sight } from "./record-source.ts";
import type { Rule } from "./rule.ts";
import { rules as allRules } from "./rules.ts";
import { SeenIds } from "./seen-ids.ts";
import { prepareSettings, type AuditSettings } from "./settings.ts";
import { suppressFindings, type Suppression } from "./suppressions.ts";

/** What an audit takes besides records and settings. */
export interface AuditOptions {
  readonly suppressions?: readonly Suppression[];
  /** Milliseconds since the epoch, for suppressions that expire. */
  readonly now: number;
  /** Stops the audit between two records. */
  readonly signal?: AbortSignal;
  /** Default: all of them. */
  readonly rules?: readonly Rule[];
}

/** What an audit found. Names, addresses and accounts in it are untrusted and unmasked, see `maskAudit`. */
export interface AuditResult {
  readonly window: {
    readonly records: number;
    /** Records that were there before, under the same event id. */
    readonly duplicates: number;
    /** Things that are no records. */
    readonly unreadable: number;
    /** When the earliest and the latest record was written, ISO 8601. */
    readonly first: string | undefined;
    readonly last: string | undefined;
    /** Why records are missing; then no rule is clean. */
    readonly cut: string | undefined;
  };
  readonly outcomes: readonly RuleOutcome[];
  /** The worst first; suppressed ones as well. */
  readonly findings: readonly AuditFinding[];
  readonly activity: Activity;
  /** Changes made by another way than CI, by whom and from where. */
  readonly outsideCi: readonly AuditFinding[];
  readonly expired: readonly Suppression[];
  readonly unused: readonly Suppression[];
}

/**
 * Looks at records one by one, in any order, with every rule; memory does not grow with their number.
 *
 * Records may have any shape: what is no record is counted as unreadable. Errors of the source are thrown on.
 */
export async function auditRecords(
  source: RecordSource,
  settings: AuditSettings,
  options: AuditOptions,
): Promise<AuditResult> {
  const audit = startAudit(settings, options.rules ?? allRules);
  for await (const raw of source.records) {
    options.signal?.throwIfAborted();
    audit.add(raw);
  }
  const sight = source.sight();
  const { found, outcomes, activity, window } = audit.finish(sight);
  const { findings, expired, unused } = suppressFindings(found, options.suppressions ?? [], options.now);
  const outsideCi = findings.filter(({ rule }) => rule === "out-of-band-change");
  return { window: { ...window, cut: sight.cut }, outcomes, findings, activity, outsideCi, expired, unused };
}

function startAudit(given: AuditSettings, rules: readonly Rule[]) {
  const settings = prepareSettings(given);
  const hits = new HitGroups();
  const matcher = makeMatcher(rules, settings, hits);
  const activity = new ActivityCount(settings);
  const seen = new SeenIds();
  const counts = { records: 0, duplicates: 0, unreadable: 0 };
  const times = { first: Infinity, last: -Infinity };
  const count = (record: AuditRecord): void => {
    counts.records += 1;
    if (record.time === undefined) return;
    times.first = Math.min(times.first, record.time);
    times.last = Math.max(times.last, record.time);
  };
  return {
    add(raw: unknown) {
      const record = readRecord(raw);
      if (record === undefined) counts.unreadable += 1;
      else if (seen.has(record.id)) counts.duplicates += 1;
      else {
        count(record);
        activity.add(record);
        matcher.add(record);
      }
    },
    finish(sight: Sight) {
      const iso = (time: number) => (Number.isFinite(time) ? new Date(time).toISOString() : undefined);
      return {
        found: hits.toFindings(),
        outcomes: matcher.outcomes(sight),
        activity: activity.toActivity(),
        window: { ...counts, first: iso(times.first), last: iso(times.last) },
      };
    },
  };
}
