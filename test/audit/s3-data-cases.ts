import { hit, hits, type Case } from "./case.ts";
import { call, foreign, own, repeat, session, trusted } from "./records.ts";
import {
  xmlns,
  on,
  expiry,
  lifecycle,
  rule,
  encryption,
  byDefault,
  replicas,
  data,
  deletion,
  hundred,
  kmsKey,
} from "./s3-calls.ts";

/** Cases of the rules on what becomes of data. */
export const s3DataCases: Readonly<Record<string, readonly Case[]>> = {
  "s3-versioning-suspended": [
    hit(
      "high",
      call(
        "s3:PutBucketVersioning",
        on({ versioning: "", VersioningConfiguration: { xmlns, Status: "Suspended" } }),
      ),
      ["requestParameters.VersioningConfiguration.Status", "Enabled"],
      ["errorCode", "NoSuchBucket"],
    ),
    hit(
      "high",
      call(
        "s3:PutBucketVersioning",
        on({ VersioningConfiguration: { Status: "Enabled", MfaDelete: "Disabled" } }),
      ),
      ["requestParameters.VersioningConfiguration.MfaDelete", "Enabled"],
    ),
  ],
  "s3-lifecycle-short-expiry": [
    hit(
      "high",
      lifecycle(expiry({ Expiration: { Days: 7 } })),
      [`${rule}.Expiration.Days`, 8],
      [`${rule}.Status`, "Disabled"],
      [`${rule}.Filter.Prefix`, "athena-results/"],
    ),
    hit(
      "high",
      lifecycle([
        expiry({ Expiration: { Days: 90 } }),
        expiry({ Expiration: { Date: "2026-11-05T00:00:00Z" } }),
      ]),
      [`${rule}.1.Expiration.Date`, "2027-11-05T00:00:00Z"],
    ),
    hit("high", lifecycle(expiry({ NoncurrentVersionExpiration: { NoncurrentDays: 2 } })), [
      `${rule}.NoncurrentVersionExpiration.NoncurrentDays`,
      30,
    ]),
    hit("critical", lifecycle(expiry({ Expiration: { Days: 1 } }))),
    hit("critical", lifecycle(expiry({ Expiration: { Days: 7 }, Filter: { Prefix: "*" } }))),
    hit("critical", lifecycle(expiry({ Expiration: { Days: 7 } }), "dl-trail"), [
      `${rule}.Expiration.Days`,
      365,
    ]),
    hit(
      "high",
      lifecycle([
        expiry({ Expiration: { Days: 7 } }),
        expiry({ Expiration: { Days: 90 }, Filter: { Prefix: "" } }),
      ]),
    ),
    hit(
      "high",
      call(
        "s3:PutBucketLifecycleConfiguration",
        on({ LifecycleConfiguration: { Rules: [expiry({ Expiration: { Days: 5 } })] } }),
      ),
    ),
    hit(
      "critical",
      call(
        "s3:PutBucketLifecycleConfiguration",
        on({ LifecycleConfiguration: { Rule: expiry({ Expiration: { Days: 1 } }) } }),
      ),
    ),
  ],
  "s3-encryption-weakened": [
    hit(
      "high",
      encryption({ SSEAlgorithm: "aws:kms", KMSMasterKeyID: kmsKey(foreign) }),
      [`${byDefault}.KMSMasterKeyID`, kmsKey(own)],
      [`${byDefault}.KMSMasterKeyID`, kmsKey(trusted)],
    ),
    hit("high", encryption({ SSEAlgorithm: "AES256" }), [`${byDefault}.SSEAlgorithm`, "aws:kms:dsse"]),
    hit("high", call("s3:DeleteBucketEncryption", on({ encryption: "" }))),
  ],
  "s3-replication-external": [
    hit(
      "critical",
      replicas("Rule", { Bucket: "arn:aws:s3:::dl-replica", Account: foreign }),
      ["requestParameters.ReplicationConfiguration.Rule.Destination.Account", trusted],
      ["requestParameters.ReplicationConfiguration.Rule.Destination.Account", undefined],
    ),
    hit("critical", replicas("Rule", { Bucket: "arn:aws:s3:::elsewhere" }), [
      "requestParameters.ReplicationConfiguration.Rule.Destination.Bucket",
      "arn:aws:s3:::dl-replica",
    ]),
    hit("critical", replicas("Rules", { Bucket: "arn:aws:s3:::dl-replica", Account: foreign })),
    hit("critical", replicas("Rules", { Bucket: "arn:aws:s3:::elsewhere" })),
  ],
  "s3-bucket-deleted": [
    hit(
      "critical",
      call("s3:DeleteBucket", on({})),
      ["requestParameters.bucketName", "elsewhere"],
      ["errorCode", "BucketNotEmpty"],
    ),
  ],
  "s3-logging-off": [
    hit(
      "medium",
      call("s3:PutBucketLogging", on({ logging: "", BucketLoggingStatus: { xmlns } })),
      [
        "requestParameters.BucketLoggingStatus.LoggingEnabled",
        { TargetBucket: "dl-logs", TargetPrefix: "raw/" },
      ],
      ["eventName", "GetBucketLogging"],
    ),
  ],
  "s3-ownership-or-lock-weakened": [
    hit(
      "medium",
      call(
        "s3:PutBucketOwnershipControls",
        on({ OwnershipControls: { Rule: { ObjectOwnership: "ObjectWriter" } } }),
      ),
      ["requestParameters.OwnershipControls.Rule.ObjectOwnership", "BucketOwnerEnforced"],
      ["requestParameters.OwnershipControls", undefined],
    ),
    hit(
      "medium",
      call(
        "s3:PutBucketObjectLockConfiguration",
        on({ ObjectLockConfiguration: { ObjectLockEnabled: "Enabled" } }),
      ),
      [
        "requestParameters.ObjectLockConfiguration.Rule",
        { DefaultRetention: { Mode: "GOVERNANCE", Days: 30 } },
      ],
    ),
  ],
  "s3-mass-delete": [
    hits(
      "high",
      hundred,
      hundred.slice(1),
      repeat(deletion, 100, 7),
      hundred.map((record, index) => (index === 50 ? { ...record, ...session("somebody") } : record)),
      hundred.map((record) => ({
        ...record,
        userIdentity: { type: "AWSService", invokedBy: "s3.amazonaws.com", arn: "arn:aws:iam::1:role/x" },
      })),
    ),
    hits(
      "high",
      repeat(call("s3:DeleteObjects", on({ delete: "" }), { ...data, ...session("stranger") }), 100, 1),
    ),
  ],
  "s3-foreign-key-rewrite": [
    hit(
      "critical",
      call(
        "s3:CopyObject",
        on({
          key: "landing/a",
          "x-amz-copy-source": "dl-raw/landing/a",
          "x-amz-server-side-encryption": "aws:kms",
          "x-amz-server-side-encryption-aws-kms-key-id": kmsKey(foreign),
        }),
        data,
      ),
      ["requestParameters.x-amz-server-side-encryption-aws-kms-key-id", kmsKey(own)],
      ["requestParameters.x-amz-server-side-encryption-aws-kms-key-id", "lake-key"],
    ),
    hit(
      "critical",
      call(
        "s3:PutObject",
        on({ key: "landing/a", "x-amz-server-side-encryption-customer-algorithm": "AES256" }),
        data,
      ),
      ["requestParameters.x-amz-server-side-encryption-customer-algorithm", undefined],
    ),
  ],
};
