import { createHash } from "node:crypto";
import { version } from "../core/index.ts";
import type { AuditResult } from "./audit-records.ts";
import { describe } from "./findings.ts";
import type { AuditFinding } from "./group-hits.ts";
import { severities, type Rule, type Severity } from "./rule.ts";
import { rules } from "./rules.ts";

const levels: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
};
/** GitHub sorts alerts by this number: critical above 9.0, high above 7.0, medium above 4.0 (GitHub, "SARIF support for code scanning"). */
const scores: Readonly<Record<Severity, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.0",
};

/**
 * An audit as a SARIF 2.1.0 log, as text. Suppressed findings are in it, marked as such. Results need a place in the repository
 * to be shown on GitHub, and a call has none: they are put at the top of `file`, the lake's description.
 */
export function renderAuditSarif(result: AuditResult, file = "lake.yaml"): string {
  const hit = new Set(result.findings.map(({ rule }) => rule));
  const described = rules.filter(({ id }) => hit.has(id));
  const run = {
    tool: {
      driver: {
        name: "datalake audit",
        version,
        semanticVersion: version,
        rules: described.map(describeRule),
      },
    },
    invocations: [{ executionSuccessful: true, toolExecutionNotifications: notificationsOf(result) }],
    columnKind: "utf16CodeUnits",
    results: result.findings.map((finding) =>
      toResult(
        finding,
        described.findIndex(({ id }) => id === finding.rule),
        file,
      ),
    ),
  };
  const log = { $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

/** What was left out of the window is part of the log: no results must not mean that nobody looked. */
function notificationsOf({ window, outcomes }: AuditResult) {
  const blind = outcomes.filter(({ outcome }) => outcome === "not visible");
  const texts = [
    ...(window.cut === undefined ? [] : [`The window was cut: ${window.cut}.`]),
    ...blind.map(({ rule, because }) => `${rule} is not visible: ${because ?? ""}.`),
  ];
  return texts.map((text) => ({ level: "warning", message: { text } }));
}

function describeRule({ id, title, why, fix, checks, tactic }: Rule) {
  const severity = severities.find((each) => checks.some((check) => check.severity === each)) ?? "low";
  return {
    id,
    name: title,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: fix },
    defaultConfiguration: { level: levels[severity] },
    properties: { tags: ["security", "cloudtrail", tactic], "security-severity": scores[severity] },
  };
}

function toResult(finding: AuditFinding, ruleIndex: number, file: string) {
  const { rule, severity, resource, principal, suppressed } = finding;
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([rule, principal, resource]))
    .digest("hex");
  return {
    ruleId: rule,
    ruleIndex,
    level: levels[severity],
    message: { text: `${finding.title}: ${describe(finding)}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: encodeURI(file) }, region: { startLine: 1 } },
        logicalLocations: [{ fullyQualifiedName: resource ?? principal, kind: "resource" }],
      },
    ],
    partialFingerprints: { "ruleAndPrincipal/v1": fingerprint },
    ...(suppressed === undefined
      ? {}
      : {
          suppressions: [
            {
              kind: "external",
              status: "accepted",
              justification: `${suppressed.owner}, until ${suppressed.expires}${suppressed.reason === undefined ? "" : `: ${suppressed.reason}`}`,
            },
          ],
        }),
    properties: { severity, events: finding.events, count: finding.count },
  };
}
