import {
  belongs,
  calledByAws,
  has,
  is,
  isForeign,
  isOther,
  isUnlisted,
  opensToAll,
  opensToOthers,
  parameters,
} from "./conditions.ts";
import type { Check, Rule } from "./rule.ts";
import { textsAt, valuesAt } from "./values.ts";

const trail = ["cloudtrail"];
const stops = { sources: trail, names: ["StopLogging", "DeleteTrail", "DeleteEventDataStore"] };
const selectors = { sources: trail, names: ["PutEventSelectors"] };
const off = (source: string, ...names: readonly string[]): Check => ({
  sources: [source],
  names,
  severity: "high",
  when: [],
});

/** Object events of a bucket that have to be recorded are in none of the call's selectors. */
const forgetsBucket = parameters("a bucket's object events are no longer recorded", (given, _r, settings) => {
  const { names } = settings.lists.recordedBuckets;
  const values = [
    ...textsAt(given, "eventSelectors.dataResources.values"),
    ...["equals", "startsWith"].flatMap((operator) =>
      textsAt(given, `advancedEventSelectors.fieldSelectors.${operator}`),
    ),
  ];
  const records = (bucket: string): boolean =>
    values.some((value) => value === "arn:aws:s3" || value.startsWith(`arn:aws:s3:::${bucket}/`));
  return names.some((bucket) => !records(bucket));
});

const keyRules: readonly Rule[] = [
  {
    id: "kms-key-loss",
    title: "Key disabled or about to be deleted",
    tactic: "TA0040",
    needs: "writes",
    checks: [
      {
        sources: ["kms"],
        names: ["ScheduleKeyDeletion", "DisableKey", "DeleteImportedKeyMaterial"],
        severity: "critical",
        when: [belongs("keys", "keyId")],
      },
    ],
    why: "Everything encrypted under it becomes unreadable; after the waiting period for good.",
    fix: "Cancel the deletion (`aws kms cancel-key-deletion`) and enable the key.",
    from: "CIS AWS Foundations 4.7",
  },
  {
    id: "kms-key-opened",
    title: "Key opened to an outsider",
    tactic: "TA0006",
    needs: "writes",
    checks: [
      {
        sources: ["kms"],
        names: ["PutKeyPolicy", "CreateGrant", "ReplicateKey"],
        severity: "high",
        when: [
          { no: calledByAws },
          { any: [opensToAll("policy"), opensToOthers("policy"), isForeign("granteePrincipal")] },
        ],
      },
    ],
    why: "The right to decrypt leaves the account.",
    fix: "Put the key's policy back or retire the grant, or add the account to the audit settings.",
    from: "KMS API",
  },
];

const trailRules: readonly Rule[] = [
  {
    id: "trail-stopped",
    title: "Trail stopped or deleted",
    tactic: "TA0005",
    needs: "writes",
    checks: [
      { ...stops, severity: "critical", when: [] },
      { ...stops, severity: "high", outcome: "denied", when: [] },
    ],
    why: "What happens afterwards is not written down; this audit sees none of it.",
    fix: "Start logging again: deploy the trail layer. Look at what the caller did before.",
    from: "CIS AWS Foundations 4.5, Stratus: cloudtrail-stop",
  },
  {
    id: "trail-weakened",
    title: "Trail records less",
    tactic: "TA0005",
    needs: "writes",
    checks: [
      {
        sources: trail,
        names: ["UpdateTrail"],
        severity: "high",
        when: [
          {
            any: [
              is("isMultiRegionTrail", "false"),
              is("includeGlobalServiceEvents", "false"),
              is("enableLogFileValidation", "false"),
              is("kmsKeyId", ""),
              isUnlisted("s3BucketName", "trailBuckets"),
            ],
          },
        ],
      },
    ],
    why: "Part of what happens is no longer written down, or goes elsewhere.",
    fix: "Deploy the trail layer again.",
    from: "CIS AWS Foundations 4.5",
  },
  {
    id: "trail-selectors-narrowed",
    title: "Event selectors narrowed",
    tactic: "TA0005",
    needs: "writes",
    checks: [
      {
        ...selectors,
        severity: "high",
        when: [
          {
            any: [
              is("eventSelectors.includeManagementEvents", "false"),
              isOther("eventSelectors.readWriteType", "All"),
              has("eventSelectors.excludeManagementEventSources"),
              forgetsBucket,
            ],
          },
        ],
      },
      {
        sources: trail,
        names: ["PutInsightSelectors"],
        severity: "high",
        when: [
          parameters("there is no insight", (given) => valuesAt(given, "insightSelectors").length === 0),
        ],
      },
    ],
    why: "Calls that matter, of KMS or on the data, are no longer written down.",
    fix: "Deploy the trail layer again.",
    from: "Stratus: cloudtrail-event-selectors",
  },
  {
    id: "audit-service-off",
    title: "Config, GuardDuty, Security Hub or Macie off",
    tactic: "TA0005",
    needs: "writes",
    checks: [
      off("config", "StopConfigurationRecorder", "DeleteDeliveryChannel"),
      off("guardduty", "DeleteDetector"),
      { ...off("guardduty", "UpdateDetector"), when: [is("enable", "false")] },
      off("guardduty", "CreateIPSet"),
      off("securityhub", "DisableSecurityHub"),
      off("macie2", "DisableMacie"),
    ],
    why: "It was the second opinion on what goes on in the account.",
    fix: "Turn the service on again and look at what the caller did before.",
    from: "CIS AWS Foundations 4.9 and 4.16",
  },
];

/** What the records of KMS, CloudTrail and the services beside it show. */
export const watchRules: readonly Rule[] = [...keyRules, ...trailRules];
