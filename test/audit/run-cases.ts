import { hit, hits, type Case, type Difference } from "./case.ts";
import { call, own, repeat, session, type Json } from "./records.ts";

const stranger = session("stranger");
const by = (name: string) => session(name)["userIdentity"];
const reads = {
  glue: "GetTables",
  s3: "GetBucketPolicy",
  athena: "GetWorkGroup",
  kms: "DescribeKey",
  iam: "GetRole",
} as const;
const refused = (source: keyof typeof reads) =>
  call(`${source}:${reads[source]}`, null, { ...stranger, readOnly: true, errorCode: "AccessDenied" });
const ten = repeat(refused("glue"), 10, 60);
const services = (["glue", "s3", "athena", "kms", "iam"] as const).flatMap((source) =>
  repeat(refused(source), 2, 60),
);
const putTags = (more: Json = {}) =>
  call(
    "s3:PutBucketTagging",
    { bucketName: "dl-raw", Tagging: { TagSet: { Tag: { Key: "a", Value: "b" } } } },
    { ...stranger, ...more },
  );
const service = { type: "AWSService", invokedBy: "glue.amazonaws.com" };
const linked = {
  type: "AssumedRole",
  sessionContext: {
    sessionIssuer: { arn: `arn:aws:iam::${own}:role/aws-service-role/s3.amazonaws.com/Replicate` },
  },
};
const onRunner = call("glue:GetTables", { databaseName: "dl-db" }, session("dl-deploy", "run-1"));
const from = (address: string) => ({ ...session("dl-deploy", "run-1", address), eventID: address });
const budget = { accountId: own, budgetName: "lake" };

/** One denial each in other services, changed somehow and after the ten. */
const four = (more: Json) =>
  (["s3", "athena", "kms", "iam"] as const).map((source) => ({ ...refused(source), ...more }));

const notGuards: readonly Difference[] = [
  ["eventSource", "elsewhere.amazonaws.com"],
  ["eventName", "DescribeBudget"],
  ["errorCode", "AccessDenied"],
];

/** Cases of the rules on what happens across services. */
export const runCases: Readonly<Record<string, readonly Case[]>> = {
  "denied-burst": [
    hits(
      "medium",
      ten,
      ten.slice(1),
      repeat(refused("glue"), 10, 67),
      ten.map((record, index) => (index === 4 ? { ...record, errorCode: "ThrottlingException" } : record)),
      ten.map((record, index) => (index === 4 ? { ...record, ...session("somebody") } : record)),
    ),
    hits("high", services, services.slice(1)),
    hits("medium", [...ten, ...four({ errorCode: "ThrottlingException" })]),
    hits("medium", [...ten, ...four(session("somebody"))]),
    hits("medium", [...ten, ...four({ eventTime: "2026-11-02T12:00:00Z" })]),
    hits(
      "medium",
      [
        ...services.map((record) => ({
          ...record,
          eventSource: "s3.amazonaws.com",
          eventName: "GetBucketPolicy",
        })),
        ...services.slice(2, 4),
      ].map((record, index) => ({
        ...record,
        eventID: `many-${index}`,
        errorCode: "Client.UnauthorizedOperation",
      })),
    ),
  ],
  "out-of-band-change": [
    hit(
      "medium",
      putTags(),
      ["userIdentity", by("dl-deploy")],
      ["userIdentity", by("dl-glue")],
      ["userIdentity", service],
      ["userIdentity", linked],
      ["readOnly", true],
      ["requestParameters.bucketName", "elsewhere"],
      ["managementEvent", false],
    ),
    hit(
      "high",
      call("s3:PutBucketPolicy", { bucketName: "dl-raw", bucketPolicy: {} }, stranger),
      ["userIdentity", by("dl-deploy")],
      ["userIdentity", by("dl-glue")],
      ["userIdentity", service],
      ["readOnly", true],
      ["requestParameters.bucketName", "elsewhere"],
      ["managementEvent", false],
      ["errorCode", "AccessDenied"],
    ),
    hit("high", call("kms:EnableKeyRotation", { keyId: "lake-key" }, stranger), [
      "requestParameters.keyId",
      "other",
    ]),
    hit("medium", call("glue:UpdateDatabase", { name: "dl-db", databaseInput: { name: "dl-db" } }, stranger)),
    hit(
      "high",
      call(
        "lakeformation:AddLFTagsToResource",
        { resource: {}, lfTags: [{ tagKey: "pii", tagValues: ["no"] }] },
        stranger,
      ),
    ),
    hit("high", call("glue:DeleteTable", { databaseName: "dl-db", name: "orders" }, stranger)),
    hit("high", call("athena:DeleteWorkGroup", { workGroup: "dl" }, stranger)),
    hit("high", call("elasticmapreduce:DeleteStudio", { studioId: "es-1" }, stranger)),
    hit("high", call("iam:DeleteRole", { roleName: "dl-glue" }, stranger)),
    hit("medium", call("athena:UpdateWorkGroup", { workGroup: "dl" }, stranger)),
    hit(
      "medium",
      call(
        "elasticmapreduce:SetVisibleToAllUsers",
        { jobFlowIds: ["j-1"], visibleToAllUsers: true },
        stranger,
      ),
    ),
    hit("medium", call("iam:TagRole", { roleName: "dl-glue", tags: [] }, stranger)),
  ],
  "ci-credentials-elsewhere": [
    hits(
      "high",
      [onRunner, { ...onRunner, ...from("203.0.113.9") }],
      [onRunner, { ...onRunner, ...from("192.0.2.10") }],
      [onRunner, { ...onRunner, ...from("glue.amazonaws.com") }],
      [onRunner, { ...onRunner, ...from("10.0.3.4") }],
      [onRunner, { ...onRunner, ...session("stranger", "x", "203.0.113.9"), eventID: "another" }],
      [
        onRunner,
        {
          ...onRunner,
          ...from("203.0.113.9"),
          userIdentity: { ...(by("dl-deploy") as Json), accessKeyId: "ASIAANOTHER" },
        },
      ],
    ),
    hits("high", [onRunner, { ...onRunner, ...from("203.0.113.9"), errorCode: "AccessDenied" }]),
    hit(
      "high",
      call("budgets:DeleteBudget", budget, stranger),
      ["userIdentity", by("dl-deploy")],
      ...notGuards,
    ),
    hit(
      "high",
      call(
        "budgets:ModifyBudget",
        { accountId: own, newBudget: { budgetName: "lake", timeUnit: "MONTHLY", budgetType: "COST" } },
        stranger,
      ),
    ),
    hit("high", call("budgets:DeleteBudgetAction", { ...budget, actionId: "0".repeat(36) }, stranger)),
    hit(
      "high",
      call("ce:DeleteAnomalyMonitor", { monitorArn: "arn:aws:ce::1:anomalymonitor/1" }, stranger),
      ["userIdentity", by("dl-deploy")],
      ...notGuards,
    ),
    hit(
      "high",
      call(
        "ce:DeleteAnomalySubscription",
        { subscriptionArn: "arn:aws:ce::1:anomalysubscription/1" },
        stranger,
      ),
    ),
  ],
};
