import { hit, type Case } from "./case.ts";
import { call, foreign, own, trusted, type Json } from "./records.ts";

const keyPolicy = (principal: unknown) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Principal: principal, Action: "kms:Decrypt", Resource: "*" },
  });
const putKeyPolicy = (principal: unknown) =>
  call("kms:PutKeyPolicy", { keyId: "lake-key", policyName: "default", policy: keyPolicy(principal) });
const policy = "requestParameters.policy";
const service = { type: "AWSService", invokedBy: "kms.amazonaws.com" };
const trailCall = (name: string, more: Json = {}) =>
  call(`cloudtrail:${name}`, { name: "dl-trail", ...more });
const records = [{ type: "AWS::S3::Object", values: ["arn:aws:s3:::dl-raw/"] }];
const selectors = (more: Json) =>
  call("cloudtrail:PutEventSelectors", {
    trailName: "dl-trail",
    eventSelectors: [
      {
        readWriteType: "All",
        includeManagementEvents: true,
        dataResources: records,
        excludeManagementEventSources: [],
        ...more,
      },
    ],
  });
const selector = "requestParameters.eventSelectors.0";
const advanced = (startsWith: string[]) =>
  call("cloudtrail:PutEventSelectors", {
    trailName: "dl-trail",
    advancedEventSelectors: [{ fieldSelectors: [{ field: "resources.ARN", startsWith }] }],
  });
const denied = { errorCode: "AccessDenied" };

/** Cases of the rules of KMS, CloudTrail and the services beside it. */
export const watchCases: Readonly<Record<string, readonly Case[]>> = {
  "kms-key-loss": [
    hit(
      "critical",
      call("kms:ScheduleKeyDeletion", { keyId: "lake-key", pendingWindowInDays: 7 }),
      ["requestParameters.keyId", "other-key"],
      ["eventName", "CancelKeyDeletion"],
    ),
    hit("critical", call("kms:DisableKey", { keyId: `arn:aws:kms:eu-west-1:${own}:key/lake-key` })),
    hit("critical", call("kms:DeleteImportedKeyMaterial", { keyId: "lake-key" })),
    hit(
      "critical",
      call(
        "kms:DisableKey",
        { keyId: "alias/lake" },
        {
          resources: [{ type: "AWS::KMS::Key", ARN: `arn:aws:kms:eu-west-1:${own}:key/lake-key` }],
        },
      ),
      ["resources.0.ARN", `arn:aws:kms:eu-west-1:${own}:key/other`],
    ),
  ],
  "kms-key-opened": [
    hit(
      "high",
      putKeyPolicy({ AWS: `arn:aws:iam::${foreign}:root` }),
      [policy, keyPolicy({ AWS: `arn:aws:iam::${trusted}:root` })],
      [policy, keyPolicy({ AWS: `arn:aws:iam::${own}:root` })],
      ["userIdentity", service],
    ),
    hit("high", putKeyPolicy("*"), [policy, keyPolicy({ AWS: own })]),
    hit(
      "high",
      call("kms:CreateGrant", {
        keyId: "lake-key",
        granteePrincipal: `arn:aws:iam::${foreign}:role/reader`,
        operations: ["Decrypt"],
      }),
      ["requestParameters.granteePrincipal", `arn:aws:iam::${own}:role/reader`],
    ),
    hit(
      "high",
      call("kms:ReplicateKey", { keyId: "mrk-1", replicaRegion: "eu-west-2", policy: keyPolicy("*") }),
    ),
  ],
  "trail-stopped": [
    hit(
      "critical",
      trailCall("StopLogging"),
      ["eventName", "StartLogging"],
      ["errorCode", "TrailNotFoundException"],
    ),
    hit("critical", trailCall("DeleteTrail")),
    hit("critical", call("cloudtrail:DeleteEventDataStore", { eventDataStore: "store-1" })),
    hit("high", call("cloudtrail:StopLogging", null, denied), ["errorCode", "ThrottlingException"]),
    hit("high", call("cloudtrail:DeleteTrail", null, denied)),
    hit("high", call("cloudtrail:DeleteEventDataStore", null, denied), ["eventName", "GetEventDataStore"]),
  ],
  "trail-weakened": [
    hit(
      "high",
      trailCall("UpdateTrail", { isMultiRegionTrail: false }),
      ["requestParameters.isMultiRegionTrail", true],
      ["requestParameters.isMultiRegionTrail", undefined],
    ),
    hit("high", trailCall("UpdateTrail", { includeGlobalServiceEvents: false })),
    hit("high", trailCall("UpdateTrail", { enableLogFileValidation: false })),
    hit("high", trailCall("UpdateTrail", { kmsKeyId: "" }), ["requestParameters.kmsKeyId", "lake-key"]),
    hit("high", trailCall("UpdateTrail", { s3BucketName: "elsewhere" }), [
      "requestParameters.s3BucketName",
      "dl-trail",
    ]),
  ],
  "trail-selectors-narrowed": [
    hit(
      "high",
      selectors({ includeManagementEvents: false }),
      [`${selector}.includeManagementEvents`, true],
      ["eventName", "GetEventSelectors"],
    ),
    hit("high", selectors({ readWriteType: "ReadOnly" }), [`${selector}.readWriteType`, "All"]),
    hit("high", selectors({ excludeManagementEventSources: ["kms.amazonaws.com"] }), [
      `${selector}.excludeManagementEventSources`,
      [],
    ]),
    hit(
      "high",
      selectors({ dataResources: [] }),
      [`${selector}.dataResources`, records],
      [`${selector}.dataResources`, [{ type: "AWS::S3::Object", values: ["arn:aws:s3"] }]],
    ),
    hit("high", advanced(["arn:aws:s3:::elsewhere/"]), [
      "requestParameters.advancedEventSelectors.0.fieldSelectors.0.startsWith",
      ["arn:aws:s3:::dl-raw/"],
    ]),
    hit("high", call("cloudtrail:PutInsightSelectors", { trailName: "dl-trail", insightSelectors: [] }), [
      "requestParameters.insightSelectors",
      [{ insightType: "ApiCallRateInsight" }],
    ]),
  ],
  "audit-service-off": [
    hit(
      "high",
      call("guardduty:UpdateDetector", { detectorId: "1", enable: false }),
      ["requestParameters.enable", true],
      ["requestParameters.enable", undefined],
    ),
    hit("high", call("guardduty:DeleteDetector", { detectorId: "1" })),
    hit(
      "high",
      call("guardduty:CreateIPSet", {
        detectorId: "1",
        name: "trusted",
        format: "TXT",
        location: "https://s3.amazonaws.com/elsewhere/list.txt",
        activate: true,
      }),
    ),
    hit("high", call("config:StopConfigurationRecorder", { configurationRecorderName: "default" })),
    hit("high", call("config:DeleteDeliveryChannel", { deliveryChannelName: "default" })),
    hit("high", call("securityhub:DisableSecurityHub", {})),
    hit("high", call("macie2:DisableMacie", {})),
  ],
};
