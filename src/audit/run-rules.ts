import { calledBy } from "./conditions.ts";
import { byActor, minutesOf } from "./correlate.ts";
import { bucketOf, isServiceActor } from "./principals.ts";
import { judgeCheck, type Answer, type Check, type Rule, type Test } from "./rule.ts";
import type { AuditRecord } from "./record.ts";
import type { Settings } from "./settings.ts";
import { textsAt } from "./values.ts";

const writes: readonly Test[] = [
  { says: "the call writes", holds: ({ readOnly }) => readOnly === false },
  { says: "it is no data event", holds: ({ kind }) => kind === "management" },
  { says: "no service of AWS acts for itself", holds: ({ principal }) => !isServiceActor(principal) },
  { says: "it touches the lake", holds: touchesLake },
];
const outsideCi: readonly (Test | { readonly no: Test })[] = [
  ...writes,
  { no: calledBy("deployRoles") },
  {
    says: "the caller is none of the lake's own roles",
    holds: ({ principal }, { lists }) => !lists.runtimeRoles.hasPrincipal(principal.actor),
  },
];
const services = ["s3", "glue", "athena", "elasticmapreduce", "iam"];
const changes: Check = { sources: services, severity: "medium", when: outsideCi };
/** Services whose every change matters more are in it as well. */
const allChanges: Check = { ...changes, sources: [...services, "lakeformation", "kms"] };

/** Where a record names parts of a lake, by the list that knows them. */
const namedParts = [
  ["buckets", "bucketName"],
  ["databases", "databaseName"],
  ["workgroups", "workGroup"],
  ["keys", "keyId"],
] as const;

/** Whether a record names a part of the lake, or no part at all: then it is about the account. */
function touchesLake(record: AuditRecord, { lists }: Settings): boolean {
  const named = namedParts.flatMap(([list, path]) =>
    lists[list].isKnown ? textsAt(record.parameters, path).map((text) => [list, text] as const) : [],
  );
  return (
    named.length === 0 ||
    named.some(([list, text]) => lists[list].hasPrincipal(text) || lists[list].has(bucketOf(text)))
  );
}

/** Whether somebody changed the lake by another way than CI: rule `out-of-band-change`; unknown where CI's roles are. */
export function isOutsideCi(record: AuditRecord, settings: Settings): Answer {
  return judgeCheck(allChanges, record, settings);
}

const guards = {
  budgets: ["DeleteBudget", "ModifyBudget", "DeleteBudgetAction"],
  ce: ["DeleteAnomalyMonitor", "DeleteAnomalySubscription"],
};
const denials = {
  outcome: "denied",
  when: [],
} as const;
const denialBurst = {
  kind: "burst",
  key: byActor,
  atLeast: ({ burstDenials }: Settings) => burstDenials,
  within: minutesOf,
} as const;

/** What records of all services show together about a run, and about those who worked beside it. */
export const runRules: readonly Rule[] = [
  {
    id: "denied-burst",
    title: "Many calls denied",
    tactic: "TA0007",
    needs: "reads",
    checks: [
      {
        ...denials,
        severity: "high",
        together: { ...denialBurst, different: { atLeast: 5, of: ({ source }) => source } },
      },
      { ...denials, severity: "medium", together: denialBurst },
    ],
    why: "Somebody tries what they may do, or a deployment lacks permissions.",
    fix: "If it is a deployment, give its role the permissions listed as missing; else stop the caller's sessions.",
    from: "CIS AWS Foundations 4.1",
  },
  {
    id: "out-of-band-change",
    title: "Lake changed outside CI",
    tactic: "TA0005",
    needs: "writes",
    checks: [
      {
        ...allChanges,
        severity: "high",
        when: [
          ...outsideCi,
          {
            any: [
              { says: "it is about keys", holds: ({ source }) => source === "kms" },
              { says: "it is about Lake Formation", holds: ({ source }) => source === "lakeformation" },
              { says: "it is about a policy", holds: ({ name }) => name.includes("Policy") },
              { says: "it deletes", holds: ({ name }) => name.startsWith("Delete") },
            ],
          },
        ],
      },
      changes,
    ],
    why: "The code no longer describes the lake: the next deployment may undo the change, or fail.",
    fix: "Put the change into the templates and deploy, or deploy to undo it.",
    from: "Panther: IAM entity created without CloudFormation",
  },
  {
    id: "ci-credentials-elsewhere",
    title: "Credentials of CI used elsewhere, or cost guard removed",
    tactic: "TA0001",
    needs: "reads",
    checks: [
      {
        severity: "high",
        outcome: "any",
        when: [
          calledBy("deployRoles"),
          {
            says: "no service of AWS calls",
            holds: ({ address }) =>
              address?.endsWith(".amazonaws.com") === false && address !== "AWS Internal",
          },
          {
            says: "the address is not one that runners share",
            holds: ({ address }, { lists }) => !lists.runnerAddresses.has(address ?? ""),
          },
        ],
        together: {
          kind: "spread",
          key: ({ principal }) => principal.accessKeyId,
          value: ({ address }) => address,
        },
      },
      ...Object.entries(guards).map(([source, names]) => ({
        sources: [source],
        names,
        severity: "high" as const,
        when: [{ no: calledBy("deployRoles") }],
      })),
    ],
    why: "A session's credentials stay on one runner unless somebody took them; without budgets nobody hears what it costs.",
    fix: "Revoke the role's sessions, and look at what the other address did; put the budget back.",
    from: "AWS STS, sessions; AWS Budgets API",
  },
];
