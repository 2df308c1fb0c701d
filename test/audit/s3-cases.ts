import { hit, hits, type Case } from "./case.ts";
import { call, foreign, own, repeat, session, trusted, type Json } from "./records.ts";

const xmlns = "http://s3.amazonaws.com/doc/2006-03-01/";
const on = (parameters: Json) => ({ bucketName: "dl-raw", Host: "dl-raw.s3.amazonaws.com", ...parameters });
const policy = (principal: unknown, more: Json = {}) => ({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" },
    {
      Effect: "Allow",
      Principal: principal,
      Action: "s3:GetObject",
      Resource: "arn:aws:s3:::dl-raw/*",
      ...more,
    },
  ],
});
const putPolicy = (bucketPolicy: Json) => call("s3:PutBucketPolicy", on({ bucketPolicy, policy: "" }));
const statement = "requestParameters.bucketPolicy.Statement.1";
const blocks = (off: Json = {}) => ({
  PublicAccessBlockConfiguration: {
    xmlns,
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
    ...off,
  },
});
const block = "requestParameters.PublicAccessBlockConfiguration";
const expiry = (rule: Json) => ({ Status: "Enabled", ID: "old", Filter: { Prefix: "landing/" }, ...rule });
const lifecycle = (rule: Json | Json[], bucketName = "dl-raw") =>
  call(
    "s3:PutBucketLifecycle",
    on({ lifecycle: "", bucketName, LifecycleConfiguration: { xmlns, Rule: rule } }),
  );
const rule = "requestParameters.LifecycleConfiguration.Rule";
const encryption = (byDefault: Json) =>
  call(
    "s3:PutBucketEncryption",
    on({
      encryption: "",
      ServerSideEncryptionConfiguration: { xmlns, Rule: { ApplyServerSideEncryptionByDefault: byDefault } },
    }),
  );
const byDefault =
  "requestParameters.ServerSideEncryptionConfiguration.Rule.ApplyServerSideEncryptionByDefault";
const replicas = (name: string, destination: Json) =>
  call(
    "s3:PutBucketReplication",
    on({
      replication: "",
      ReplicationConfiguration: {
        Role: `arn:aws:iam::${own}:role/replicate`,
        [name]: { Status: "Enabled", Destination: destination },
      },
    }),
  );
const data = { eventCategory: "Data", managementEvent: false };
const deletion = call("s3:DeleteObject", on({ key: "landing/a" }), { ...data, ...session("stranger") });
const hundred = repeat(deletion, 100, 6);
const kmsKey = (account: string) => `arn:aws:kms:eu-west-1:${account}:key/1`;
const acl = (grantee: Json) => ({
  AccessControlPolicy: {
    xmlns,
    Owner: { ID: "abc" },
    AccessControlList: { Grant: [{ Grantee: { ID: "abc" }, Permission: "FULL_CONTROL" }, grantee] },
  },
});
const group = "http://acs.amazonaws.com/groups/global";

/** Cases of S3's rules. */
export const s3Cases: Readonly<Record<string, readonly Case[]>> = {
  "s3-policy-public": [
    hit(
      "critical",
      putPolicy(policy("*")),
      [`${statement}.Principal`, { AWS: own }],
      [`${statement}.Condition`, { StringEquals: { "aws:SourceVpce": "vpce-1" } }],
      [`${statement}.Condition`, { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } }],
      [`${statement}.Effect`, "Deny"],
    ),
    hit(
      "critical",
      putPolicy(
        policy({ AWS: "*" }, { Condition: { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1" } } }),
      ),
    ),
    hit("critical", putPolicy(policy("*", { Condition: { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } } }))),
    hit(
      "critical",
      putPolicy(policy("*", { Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } } })),
    ),
    hit("critical", call("s3:PutAccessPointPolicy", { name: "point", policy: JSON.stringify(policy("*")) })),
  ],
  "s3-policy-external": [
    hit(
      "high",
      putPolicy(policy({ AWS: `arn:aws:iam::${foreign}:root` })),
      [`${statement}.Principal.AWS`, `arn:aws:iam::${trusted}:root`],
      [`${statement}.Principal`, { Service: "cloudtrail.amazonaws.com" }],
    ),
    hit(
      "high",
      putPolicy(policy("*", { Condition: { StringEquals: { "aws:PrincipalAccount": foreign } } })),
      [`${statement}.Condition.StringEquals`, { "aws:PrincipalAccount": own }],
    ),
    hit(
      "high",
      call("s3:PutAccessPointPolicy", { name: "point", policy: JSON.stringify(policy({ AWS: foreign })) }),
    ),
  ],
  "s3-policy-removed": [
    hit(
      "high",
      call("s3:DeleteBucketPolicy", on({ policy: "" })),
      ["requestParameters.bucketName", "elsewhere"],
      ["errorCode", "NoSuchBucket"],
    ),
  ],
  "s3-acl-public": [
    hit(
      "critical",
      call("s3:PutBucketAcl", on({ acl: "", "x-amz-acl": "public-read" })),
      ["requestParameters.x-amz-acl", "private"],
      ["requestParameters.x-amz-acl", "log-delivery-write"],
    ),
    hit(
      "critical",
      call("s3:PutBucketAcl", on(acl({ Grantee: { URI: `${group}/AllUsers` }, Permission: "READ" }))),
      [
        "requestParameters.AccessControlPolicy.AccessControlList.Grant.1.Grantee.URI",
        "http://acs.amazonaws.com/groups/s3/LogDelivery",
      ],
    ),
    hit(
      "critical",
      call("s3:PutBucketAcl", on({ acl: "", "x-amz-grant-read": `uri="${group}/AuthenticatedUsers"` })),
      ["requestParameters.x-amz-grant-read", 'id="abc"'],
    ),
  ],
  "s3-public-access-block-off": [
    hit(
      "high",
      call(
        "s3:PutBucketPublicAccessBlock",
        on({ publicAccessBlock: "", ...blocks({ BlockPublicPolicy: false }) }),
      ),
      [`${block}.BlockPublicPolicy`, true],
      ["eventName", "GetBucketPublicAccessBlock"],
    ),
    hit("high", call("s3:PutBucketPublicAccessBlock", on({ ...blocks({ IgnorePublicAcls: undefined }) })), [
      `${block}.IgnorePublicAcls`,
      true,
    ]),
    hit("high", call("s3:DeleteBucketPublicAccessBlock", on({ publicAccessBlock: "" }))),
    hit("critical", call("s3:DeleteAccountPublicAccessBlock", { accountId: own })),
    hit("critical", call("s3-control:DeleteAccountPublicAccessBlock", { accountId: own })),
    hit(
      "critical",
      call("s3:PutAccountPublicAccessBlock", { accountId: own, ...blocks({ BlockPublicAcls: false }) }),
      [`${block}.BlockPublicAcls`, true],
    ),
    hit(
      "critical",
      call("s3-control:PutAccountPublicAccessBlock", {
        accountId: own,
        ...blocks({ BlockPublicAcls: false }),
      }),
    ),
  ],
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
