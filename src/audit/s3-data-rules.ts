import { has, isForeign } from "./conditions.ts";
import { byActor, minutesOf } from "./correlate.ts";
import type { Rule } from "./rule.ts";

const sources = ["s3"];

/** What S3's object-level records show; a trail has them only where data events are switched on. */
export const s3DataRules: readonly Rule[] = [
  {
    id: "s3-mass-delete",
    title: "Many objects deleted at once",
    tactic: "TA0040",
    needs: "data",
    checks: [
      {
        sources,
        names: ["DeleteObject", "DeleteObjects"],
        severity: "high",
        when: [
          { says: "no service of AWS calls", holds: ({ principal }) => principal.invokedBy === undefined },
        ],
        together: {
          kind: "burst",
          key: byActor,
          atLeast: ({ burstDeletes }) => burstDeletes,
          within: minutesOf,
        },
      },
    ],
    why: "It is what sabotage and ransom look like; versions that stay can still be restored.",
    fix: "Stop the caller's sessions, then restore the versions under the delete markers.",
    from: "Stratus: s3-ransomware-batch-deletion",
  },
  {
    id: "s3-foreign-key-rewrite",
    title: "Objects rewritten under a foreign key",
    tactic: "TA0040",
    needs: "data",
    checks: [
      {
        sources,
        names: ["CopyObject", "PutObject"],
        severity: "critical",
        when: [
          {
            any: [
              isForeign("x-amz-server-side-encryption-aws-kms-key-id"),
              has("x-amz-server-side-encryption-customer-algorithm"),
            ],
          },
        ],
      },
    ],
    why: "Whoever holds the key can ask a ransom for the data.",
    fix: "Stop the caller's sessions, restore the earlier versions and deny foreign keys in the bucket policy.",
    from: "Panther: S3 objects encrypted with a customer's key",
  },
];
