import { readFile } from "node:fs/promises";
import {
  auditRecords,
  lookupEvents,
  makeMask,
  maskData,
  readRecordFiles,
  readSuppressions,
  renderAuditSarif,
  toFindings,
  type AuditResult,
  type AuditSettings,
  type RecordSource,
} from "../audit/index.ts";
import { countOf, LakeError, messageOf, type Context } from "../core/index.ts";
import { databasesOf } from "../lake/index.ts";
import type { Place } from "../pipeline/index.ts";
import { table, type Section } from "../report/index.ts";
import { openPlace } from "./open-place.ts";
import { defineVerb, startReport } from "./verb.ts";

/** Which findings fail the verb, by the word of `fail-on`. */
const failing = {
  critical: ["critical"],
  high: ["critical", "high"],
  medium: ["critical", "high", "medium"],
  low: ["critical", "high", "medium", "low"],
  never: [],
} as const satisfies Record<string, readonly string[]>;

/** Reads CloudTrail's records and says what in them should worry somebody. */
export const audit = defineVerb({
  name: "audit",
  summary: "read CloudTrail's records: who did what, what was denied, what should worry somebody",
  inputs: {
    hours: {
      kind: "integer",
      default: "24",
      description: "How far back to look, in hours; AWS keeps 90 days.",
    },
    file: {
      kind: "path",
      description: "Read records from this file or folder (JSON, JSON lines, gz) instead of from AWS.",
    },
    reads: {
      kind: "flag",
      default: "false",
      description: "Look at calls that only read, too; there are many.",
    },
    "fail-on": {
      kind: "text",
      choices: ["critical", "high", "medium", "low", "never"],
      default: "high",
      description: "The severity from which a finding fails the run.",
    },
    suppressions: {
      kind: "path",
      description: "A file of findings that somebody accepts, with owner and day.",
    },
    "sarif-file": { kind: "path", description: "Also write the findings there, as SARIF." },
    mask: {
      kind: "flag",
      default: "false",
      description: "Mask account ids, addresses and keys, for a public repository.",
    },
  },
  outputs: {
    findings: "How many findings there are.",
    denied: "How many different calls were denied.",
  },
  changes: false,
  lakeless: true,
  async run({ environment, inputs }, context) {
    const { hours, file, reads } = inputs;
    // Files need no AWS, and a lake that is not deployed has nothing to bind.
    const place = file === undefined ? await openPlace(environment, context) : undefined;
    const source = file === undefined ? lookUp(hours, reads, context) : readRecordFiles(file);
    const now = context.clock.now();
    const suppressions = await loadSuppressions(inputs.suppressions);
    const options = { suppressions, now, signal: context.signal };
    const found = await auditRecords(source, place ? settingsOf(place) : {}, options);
    const result = inputs.mask ? maskData(found, makeMask()) : found;
    const open = result.findings.filter(({ suppressed }) => suppressed === undefined);
    const wanted: readonly string[] = failing[inputs["fail-on"]];
    const failed = open.filter(({ severity }) => wanted.includes(severity)).length;
    const report = startReport("audit", environment, {
      verdict: failed > 0 ? "failed" : "passed",
      headline: tell(result, open.length),
      sections: sectionsOf(result),
      findings: toFindings(result),
    });
    const sarif = inputs["sarif-file"];
    const outputs = { findings: String(open.length), denied: String(result.activity.denied.length) };
    return {
      report,
      data: { ...result },
      outputs,
      files: sarif ? { [sarif]: renderAuditSarif(result) } : {},
    };
  },
});

function lookUp(hours: number, reads: boolean, context: Context): RecordSource {
  const to = context.clock.now();
  return lookupEvents({ from: to - hours * 3_600_000, to, what: reads ? "all" : "changes" }, context);
}

async function loadSuppressions(file: string | undefined) {
  if (file === undefined) return [];
  try {
    return readSuppressions(file, await readFile(file, "utf8"));
  } catch (cause) {
    if (cause instanceof LakeError) throw cause;
    throw new LakeError("invalid-input", `suppressions: ${file} cannot be read: ${messageOf(cause)}`, {
      cause,
    });
  }
}

/** What the lake itself says of what is its own. */
function settingsOf({ environment, bindings }: Place): AuditSettings {
  const buckets = [...bindings.zones.values()].flatMap(({ bucket }) => bucket ?? []);
  return {
    ...(environment.account === undefined ? {} : { account: environment.account }),
    ...(buckets.length === 0 ? {} : { buckets }),
    databases: [...databasesOf(bindings).values()],
    workgroups: [bindings.workgroup],
  };
}

function tell({ window, activity }: AuditResult, findings: number): string {
  const found = findings === 0 ? "nothing to worry about" : countOf(findings, "finding");
  const denied = activity.denied.length === 0 ? "" : `, ${countOf(activity.denied.length, "call")} denied`;
  const cut = window.cut === undefined ? "" : "; the window was cut";
  return `${found} in ${countOf(window.records, "record")}${denied}${cut}`;
}

function sectionsOf({ window, outcomes, activity }: AuditResult): Section[] {
  const count = (wanted: string) => outcomes.filter(({ outcome }) => outcome === wanted).length;
  const lines = [
    `${countOf(window.records, "record")}, from ${window.first ?? "nowhen"} to ${window.last ?? "nowhen"}`,
    `${countOf(outcomes.length, "rule")}: ${count("hit")} hit, ${count("clean")} clean, ${count("not visible")} not visible`,
    ...(window.cut === undefined ? [] : [`Cut: ${window.cut}`]),
  ];
  const services = activity.services.map((service) => [
    service.service,
    ...[service.reads, service.writes, service.denied, service.failed].map(String),
  ]);
  const missing = activity.missing.map(({ principal, policy }) => `${principal}: ${JSON.stringify(policy)}`);
  return [
    { kind: "text", title: "What was seen", lines },
    ...(services.length === 0
      ? []
      : [table("Calls", ["service", ">reads", ">writes", ">denied", ">failed"], services)]),
    ...(missing.length === 0
      ? []
      : [{ kind: "text" as const, title: "Missing permissions", lines: missing }]),
  ];
}
