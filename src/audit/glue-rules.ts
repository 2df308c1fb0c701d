import { belongs, calledBy, is, isOutside, isUnlisted, opensToAll, opensToOthers } from "./conditions.ts";
import type { Rule } from "./rule.ts";

const sources = ["glue"];
const putPolicy = { sources, names: ["PutResourcePolicy"] };
const policy = "policyInJson";
const deletion = {
  sources,
  names: ["DeleteTable", "BatchDeleteTable", "DeleteDatabase", "BatchDeletePartition"],
};
const encryption = "dataCatalogEncryptionSettings";
const inLake = belongs("databases", "databaseName", "name");

/** What Glue's records show. */
export const glueRules: readonly Rule[] = [
  {
    id: "glue-catalog-policy-public",
    title: "Catalog policy opened",
    tactic: "TA0010",
    needs: "writes",
    checks: [
      { ...putPolicy, severity: "critical", when: [opensToAll(policy)] },
      { ...putPolicy, severity: "high", when: [opensToOthers(policy)] },
    ],
    why: "Schemas, paths and connections can be read from outside; with write actions the catalog can be corrupted.",
    fix: "Take the statement out of the policy, or add its account to `accounts` of the audit settings.",
    from: "Prowler glue_data_catalogs_not_publicly_accessible",
  },
  {
    id: "glue-catalog-policy-changed",
    title: "Catalog policy changed or removed",
    tactic: "TA0005",
    needs: "writes",
    checks: [
      {
        ...putPolicy,
        severity: "medium",
        when: [{ no: opensToAll(policy) }, { no: opensToOthers(policy) }],
      },
      { sources, names: ["DeleteResourcePolicy"], severity: "medium", when: [] },
    ],
    why: "Consumers in other accounts can lose the catalog.",
    fix: "Compare the policy with the catalog layer's, and deploy that again if they differ.",
    from: "Glue API",
  },
  {
    id: "glue-table-or-db-deleted",
    title: "Catalog objects deleted",
    tactic: "TA0040",
    needs: "writes",
    checks: [
      { ...deletion, severity: "low", when: [inLake, calledBy("deployRoles")] },
      { ...deletion, severity: "high", when: [inLake] },
    ],
    why: "Athena and EMR lose the table at once, though its files stay.",
    fix: "Run the crawler of the zone: it makes the tables again from the files.",
    from: "Glue API",
  },
  {
    id: "glue-crawler-role-or-target-changed",
    title: "Crawler got a new role or path",
    tactic: "TA0004",
    needs: "writes",
    checks: [
      {
        sources,
        names: ["UpdateCrawler", "CreateCrawler"],
        severity: "high",
        when: [{ any: [isUnlisted("role", "crawlerRoles"), isOutside("targets.s3Targets.path", "buckets")] }],
      },
    ],
    why: "Whoever passes a role to a crawler acts with its rights, and a foreign path puts foreign tables into the catalog.",
    fix: "Deploy the catalog layer again, or add the role or bucket to the audit settings.",
    from: "Prowler iam_policy_allows_privilege_escalation",
  },
  {
    id: "glue-dev-endpoint",
    title: "Development endpoint created or its keys changed",
    tactic: "TA0004",
    needs: "writes",
    checks: [
      { sources, names: ["CreateDevEndpoint", "UpdateDevEndpoint"], severity: "high", when: [] },
      {
        sources,
        names: ["CreateDevEndpoint", "UpdateDevEndpoint"],
        severity: "medium",
        outcome: "denied",
        when: [],
      },
    ],
    why: "It is a shell that holds a role's access to the data.",
    fix: "Delete the endpoint; use an interactive session with its own role instead.",
    from: "Sigma: AWS Glue Development Endpoint Activity",
  },
  {
    id: "glue-job-role-or-script",
    title: "Job with an unexpected role or script",
    tactic: "TA0002",
    needs: "writes",
    checks: [
      {
        sources,
        names: ["CreateJob", "UpdateJob", "CreateSession"],
        severity: "high",
        when: [
          {
            any: [
              isUnlisted("role", "jobRoles"),
              isUnlisted("jobUpdate.role", "jobRoles"),
              isUnlisted("command.scriptLocation", "codePrefixes"),
              isUnlisted("jobUpdate.command.scriptLocation", "codePrefixes"),
            ],
          },
        ],
      },
    ],
    why: "Its code runs with the rights of the role it was given.",
    fix: "Delete the job, or add its role and the place of its script to the audit settings.",
    from: "Prowler iam_policy_allows_privilege_escalation",
  },
  {
    id: "glue-encryption-off",
    title: "Encryption of catalog or connections off",
    tactic: "TA0005",
    needs: "writes",
    checks: [
      {
        sources,
        names: ["PutDataCatalogEncryptionSettings"],
        severity: "high",
        when: [
          {
            any: [
              is(`${encryption}.encryptionAtRest.catalogEncryptionMode`, "DISABLED"),
              is(`${encryption}.connectionPasswordEncryption.returnConnectionPasswordEncrypted`, "false"),
            ],
          },
        ],
      },
      { sources, names: ["DeleteSecurityConfiguration"], severity: "high", when: [] },
    ],
    why: "Passwords of connections can then be read through GetConnection.",
    fix: "Turn encryption on again with the lake's key.",
    from: "Prowler glue_data_catalogs_*_encryption_enabled",
  },
];
