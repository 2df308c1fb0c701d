import { parameters } from "./conditions.ts";
import type { AuditRecord } from "./record.ts";
import type { Settings } from "./settings.ts";
import { memberOf, textAt, valuesAt } from "./values.ts";

/** How soon one rule of a lifecycle deletes objects. */
interface Expiry {
  /** After so many days from the call, or from the day an object is written. */
  readonly days: number;
  /** Whether the rule is for all objects of the bucket. */
  readonly isWhole: boolean;
}

const day = 86_400_000;

/** The deadlines of a lifecycle's enabled rules, but for prefixes that are temporary by the settings. */
export function expiriesOf(record: AuditRecord, settings: Settings): Expiry[] {
  return ["Rule", "Rules"]
    .flatMap((name) => valuesAt(record.parameters, `LifecycleConfiguration.${name}`))
    .filter((rule) => textAt(rule, "Status") === "Enabled")
    .flatMap((rule) => {
      const prefix =
        textAt(rule, "Filter.Prefix") ?? textAt(rule, "Filter.And.Prefix") ?? textAt(rule, "Prefix");
      if (prefix !== undefined && settings.lists.temporaryPrefixes.has(prefix)) return [];
      const isWhole = (prefix ?? "") === "" || prefix === "*";
      return deadlinesOf(rule, record.time).map((days) => ({ days, isWhole }));
    });
}

function deadlinesOf(rule: unknown, now: number | undefined): number[] {
  const days = [
    textAt(rule, "Expiration.Days"),
    textAt(rule, "NoncurrentVersionExpiration.NoncurrentDays"),
  ].flatMap((text) => (text === undefined ? [] : [Number(text)]));
  const date = Date.parse(textAt(memberOf(rule, "Expiration"), "Date") ?? "");
  const untilDate = now === undefined ? [] : [(date - now) / day];
  return [...days, ...untilDate].filter((each) => !Number.isNaN(each));
}

/** A rule deletes objects sooner than the settings allow. */
export const isSoon = parameters("a rule deletes objects soon", (_given, record, settings) =>
  expiriesOf(record, settings).some(({ days }) => days <= settings.minimumExpiryDays),
);
