import { hit, type Case } from "./case.ts";
import { call, foreign, own, session, trusted, type Json } from "./records.ts";

const role = (name: string) => `arn:aws:iam::${own}:role/${name}`;
const policy = (principal: unknown, more: Json = {}) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: principal, Action: "glue:*", Resource: "*", ...more }],
  });
const putPolicy = (document: string) => call("glue:PutResourcePolicy", { policyInJson: document });
const text = "requestParameters.policyInJson";
const narrow = { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } };
const encryption = "requestParameters.dataCatalogEncryptionSettings";
const putEncryption = (dataCatalogEncryptionSettings: Json) =>
  call("glue:PutDataCatalogEncryptionSettings", { dataCatalogEncryptionSettings });

const byName: Readonly<Record<string, Json>> = {
  BatchDeleteTable: { databaseName: "dl-db", tablesToDelete: ["orders", "customers"] },
  BatchDeletePartition: {
    databaseName: "dl-db",
    tableName: "orders",
    partitionsToDelete: [{ values: ["2026"] }],
  },
};

/** Cases of Glue's rules. */
export const glueCases: Readonly<Record<string, readonly Case[]>> = {
  "glue-catalog-policy-public": [
    hit(
      "critical",
      putPolicy(policy("*")),
      [text, policy("*", narrow)],
      [text, policy("*", { Effect: "Deny" })],
    ),
    hit("high", putPolicy(policy({ AWS: `arn:aws:iam::${foreign}:root` })), [
      text,
      policy({ AWS: `arn:aws:iam::${trusted}:root` }),
    ]),
  ],
  "glue-catalog-policy-changed": [
    hit(
      "medium",
      putPolicy(policy({ AWS: role("analyst") })),
      [text, policy("*")],
      [text, policy({ AWS: foreign })],
    ),
    hit("medium", call("glue:DeleteResourcePolicy", { policyHashCondition: "abc" })),
  ],
  "glue-table-or-db-deleted": [
    hit(
      "high",
      call("glue:DeleteTable", { catalogId: own, databaseName: "dl-db", name: "orders" }),
      ["requestParameters.databaseName", "elsewhere"],
      ["eventName", "GetTable"],
    ),
    ...["BatchDeleteTable", "BatchDeletePartition"].map((name) =>
      hit("high", call(`glue:${name}`, byName[name])),
    ),
    hit("high", call("glue:DeleteDatabase", { name: "dl-db" }), ["requestParameters.name", "elsewhere"]),
    ...["BatchDeleteTable", "BatchDeletePartition"].map((name) =>
      hit("low", call(`glue:${name}`, byName[name], session("dl-deploy"))),
    ),
    hit("low", call("glue:DeleteDatabase", { name: "dl-db" }, session("dl-deploy"))),
    hit("low", call("glue:DeleteTable", { databaseName: "dl-db", name: "orders" }, session("dl-deploy")), [
      "requestParameters.databaseName",
      "elsewhere",
    ]),
  ],
  "glue-crawler-role-or-target-changed": [
    hit(
      "high",
      call("glue:UpdateCrawler", { name: "raw", role: role("other") }),
      ["requestParameters.role", role("dl-glue")],
      ["requestParameters.role", "dl-glue"],
    ),
    hit(
      "high",
      call("glue:CreateCrawler", {
        name: "raw",
        role: "dl-glue",
        targets: { s3Targets: [{ path: "s3://dl-raw/orders" }, { path: "s3://elsewhere/orders" }] },
      }),
      ["requestParameters.targets.s3Targets.1.path", "s3://dl-clean/orders"],
    ),
  ],
  "glue-dev-endpoint": [
    hit(
      "high",
      call("glue:CreateDevEndpoint", { endpointName: "shell", roleArn: role("dl-glue") }),
      ["eventName", "GetDevEndpoint"],
      ["errorCode", "EntityNotFoundException"],
    ),
    hit("high", call("glue:UpdateDevEndpoint", { endpointName: "shell", publicKey: "ssh-rsa AAAA" })),
    hit("medium", call("glue:CreateDevEndpoint", null, { errorCode: "AccessDenied" }), [
      "errorCode",
      "ThrottlingException",
    ]),
    hit("medium", call("glue:UpdateDevEndpoint", null, { errorCode: "AccessDeniedException" }), [
      "eventName",
      "GetDevEndpoint",
    ]),
  ],
  "glue-job-role-or-script": [
    hit(
      "high",
      call("glue:CreateJob", { name: "job", role: role("other"), command: { name: "glueetl" } }),
      ["requestParameters.role", role("dl-glue")],
      ["eventName", "StartJobRun"],
    ),
    hit("high", call("glue:UpdateJob", { jobName: "job", jobUpdate: { role: "other" } }), [
      "requestParameters.jobUpdate.role",
      "dl-glue",
    ]),
    hit(
      "high",
      call("glue:CreateJob", {
        name: "job",
        role: "dl-glue",
        command: { name: "glueetl", scriptLocation: "s3://elsewhere/job.py" },
      }),
      ["requestParameters.command.scriptLocation", "s3://dl-code/job.py"],
    ),
    hit(
      "high",
      call("glue:UpdateJob", {
        jobName: "job",
        jobUpdate: { role: "dl-glue", command: { scriptLocation: "s3://elsewhere/job.py" } },
      }),
      ["requestParameters.jobUpdate.command.scriptLocation", "s3://dl-code/job.py"],
    ),
    hit("high", call("glue:CreateSession", { id: "1", role: role("other"), command: { name: "glueetl" } })),
  ],
  "glue-encryption-off": [
    hit(
      "high",
      putEncryption({ encryptionAtRest: { catalogEncryptionMode: "DISABLED" } }),
      [`${encryption}.encryptionAtRest.catalogEncryptionMode`, "SSE-KMS"],
      [`${encryption}.encryptionAtRest`, undefined],
    ),
    hit(
      "high",
      putEncryption({ connectionPasswordEncryption: { returnConnectionPasswordEncrypted: false } }),
      [`${encryption}.connectionPasswordEncryption.returnConnectionPasswordEncrypted`, true],
    ),
    hit("high", call("glue:DeleteSecurityConfiguration", { name: "lake" })),
  ],
};
