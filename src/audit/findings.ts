import { countOf, listWords } from "../core/index.ts";
import type { Finding } from "../report/index.ts";
import type { AuditResult } from "./audit-records.ts";
import type { AuditFinding } from "./group-hits.ts";
import type { Severity } from "./rule.ts";

const shownEvents = 3;
const levels: Readonly<Record<Severity, Finding["severity"]>> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "info",
};

/**
 * What an audit found as findings of a report: critical and high as errors, medium as warnings, low as notes; what is suppressed is
 * left out, and suppressions that have expired are warnings. Texts are untrusted, and masked only if the result is.
 */
export function toFindings(result: AuditResult): Finding[] {
  const found = result.findings.filter(({ suppressed }) => suppressed === undefined).map(toFinding);
  const expired = result.expired.map(({ rule, owner, expires }): Finding => {
    return {
      severity: "warning",
      title: `suppression expired: ${rule}`,
      subject: owner,
      why: `It ended on ${expires}; what it covered is told again.`,
      fix: "Put right what it covered and take it out of the file, or have its owner set a new day.",
    };
  });
  return [...found, ...expired];
}

function toFinding(finding: AuditFinding): Finding {
  return {
    severity: levels[finding.severity],
    title: `${finding.title} (${finding.rule})`,
    subject: finding.resource ?? finding.principal,
    why: `${finding.why} ${describe(finding)}`,
    fix: finding.fix,
  };
}

/** Who did what how often, when and from where, with the ids of a few events. */
export function describe(finding: AuditFinding): string {
  const { severity, principal, count, calls, addresses, sessions, fromConsole, first, last, events } =
    finding;
  const more = count - Math.min(events.length, shownEvents);
  const ids = [...events.slice(0, shownEvents), ...(more > 0 && events.length > 0 ? [`${more} more`] : [])];
  return [
    `Severity ${severity}: ${countOf(count, "call")} (${listWords(Object.keys(calls))}) by ${principal}`,
    sessions.length === 0 ? "" : `, session ${listWords(sessions)}`,
    addresses.length === 0 ? "" : `, from ${listWords(addresses)}`,
    fromConsole ? ", by hand in the console" : "",
    first === undefined ? "" : `, ${first}${last === undefined || last === first ? "" : ` to ${last}`}`,
    ids.length === 0 ? "." : `. ${events.length === 1 ? "Event" : "Events"} ${listWords(ids)}.`,
  ].join("");
}
