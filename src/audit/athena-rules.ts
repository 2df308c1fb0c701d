import { belongs, is, isOutside, parameters } from "./conditions.ts";
import type { Rule } from "./rule.ts";
import { textsAt } from "./values.ts";

const sources = ["athena"];
const update = { sources, names: ["UpdateWorkGroup"] };
const updates = "configurationUpdates";
const results = `${updates}.resultConfigurationUpdates`;

/** What Athena's records show. */
export const athenaRules: readonly Rule[] = [
  {
    id: "athena-enforcement-removed",
    title: "Workgroup no longer enforces its settings",
    tactic: "TA0005",
    needs: "writes",
    checks: [
      { ...update, severity: "high", when: [is(`${updates}.enforceWorkGroupConfiguration`, "false")] },
    ],
    why: "Clients may then choose where results go, and leave them unencrypted.",
    fix: "Turn enforcement on again: deploy the layer of the workgroup.",
    from: "Prowler athena_workgroup_enforce_configuration",
  },
  {
    id: "athena-encryption-removed",
    title: "Encryption of results removed",
    tactic: "TA0005",
    needs: "writes",
    checks: [
      {
        ...update,
        severity: "high",
        when: [
          {
            any: [
              is(`${results}.removeEncryptionConfiguration`, "true"),
              is(`${updates}.removeCustomerContentEncryptionConfiguration`, "true"),
              is(`${updates}.enableMinimumEncryptionConfiguration`, "false"),
              parameters("results do not use KMS though the lake does", (given, _record, settings) => {
                const used = textsAt(given, `${results}.encryptionConfiguration.encryptionOption`);
                return settings.kmsRequired && used.includes("SSE_S3");
              }),
            ],
          },
        ],
      },
    ],
    why: "Results are copies of the lake's data.",
    fix: "Set the encryption of results again: deploy the layer of the workgroup.",
    from: "Prowler athena_workgroup_encryption",
  },
  {
    id: "athena-output-moved",
    title: "Place of results changed",
    tactic: "TA0010",
    needs: "writes",
    checks: [
      {
        sources,
        names: ["UpdateWorkGroup", "CreateWorkGroup"],
        severity: "high",
        when: [
          {
            any: [
              isOutside(`${results}.outputLocation`, "resultBuckets"),
              isOutside("configuration.resultConfiguration.outputLocation", "resultBuckets"),
              is(`${results}.removeOutputLocation`, "true"),
              is(`${results}.removeExpectedBucketOwner`, "true"),
            ],
          },
        ],
      },
    ],
    why: "The results of every query go to another bucket from now on.",
    fix: "Set the place back, or add its bucket to `resultBuckets` of the audit settings.",
    from: "Athena API",
  },
  {
    id: "athena-scan-limit-removed",
    title: "Limit of a query's scan removed or raised",
    tactic: "TA0040",
    needs: "writes",
    checks: [
      { ...update, severity: "medium", when: [is(`${updates}.removeBytesScannedCutoffPerQuery`, "true")] },
      {
        ...update,
        severity: "low",
        when: [
          parameters("the limit is above the settings'", (given, _record, settings) => {
            const limits = textsAt(given, `${updates}.bytesScannedCutoffPerQuery`).map(Number);
            if (limits.length === 0) return false;
            const { maximumScanBytes } = settings;
            return maximumScanBytes === undefined
              ? undefined
              : limits.some((bytes) => bytes > maximumScanBytes);
          }),
        ],
      },
    ],
    why: "One careless query can then cost what it likes.",
    fix: "Set the limit again: deploy the layer of the workgroup.",
    from: "Athena API",
  },
  {
    id: "athena-workgroup-deleted",
    title: "Workgroup deleted",
    tactic: "TA0040",
    needs: "writes",
    checks: [
      {
        sources,
        names: ["DeleteWorkGroup"],
        severity: "high",
        when: [belongs("workgroups", "workGroup"), is("recursiveDeleteOption", "true")],
      },
      { sources, names: ["DeleteWorkGroup"], severity: "medium", when: [belongs("workgroups", "workGroup")] },
    ],
    why: "Its history, its named queries and its limits are gone.",
    fix: "Deploy the layer of the workgroup again.",
    from: "Athena API",
  },
  {
    id: "athena-query-foreign-output",
    title: "Query wrote its results elsewhere",
    tactic: "TA0010",
    needs: "writes",
    checks: [
      {
        sources,
        names: ["StartQueryExecution"],
        severity: "high",
        when: [isOutside("resultConfiguration.outputLocation", "resultBuckets")],
      },
    ],
    why: "One query is enough to copy a table to a bucket that the lake does not know.",
    fix: "Ask the caller, and have the workgroup enforce its settings.",
    from: "Athena user guide, CloudTrail example",
  },
];
