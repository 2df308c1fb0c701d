import {
  belongs,
  is,
  isForeign,
  isOther,
  isOutside,
  lacks,
  opensToAll,
  opensToOthers,
  parameters,
} from "./conditions.ts";
import { expiriesOf, isSoon } from "./expiry.ts";
import type { Rule, Test } from "./rule.ts";
import { textsAt } from "./values.ts";

const sources = ["s3"];
const putPolicy = { sources, names: ["PutBucketPolicy", "PutAccessPointPolicy"] };
const policyPaths = ["bucketPolicy", "policy", "PutAccessPointPolicyRequest.Policy"];
const lifecycle = { sources, names: ["PutBucketLifecycle", "PutBucketLifecycleConfiguration"] };
const inLake = belongs("buckets", "bucketName");
const defaultKey = "ServerSideEncryptionConfiguration.Rule.ApplyServerSideEncryptionByDefault";
/** The console writes one rule under `Rule`, and some SDKs' requests come out under `Rules`. */
const destinations = ["Rule", "Rules"].map((name) => `ReplicationConfiguration.${name}.Destination`);

const blocks = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];
const blockIsOff: Test = parameters("a block of public access is off or left out", (given) =>
  blocks.some((name) => textsAt(given, `PublicAccessBlockConfiguration.${name}`)[0] !== "true"),
);
const grantsToGroup: Test = parameters("a grant is to everybody", (given) =>
  [
    ...textsAt(given, "AccessControlPolicy.AccessControlList.Grant.Grantee.URI"),
    ...Object.keys(given)
      .filter((name) => name.toLowerCase().startsWith("x-amz-grant-"))
      .flatMap((name) => textsAt(given, name)),
  ].some((text) => /\/(AllUsers|AuthenticatedUsers)"?$/.test(text)),
);

const policyRules: readonly Rule[] = [
  {
    id: "s3-policy-public",
    title: "Bucket policy lets anybody in",
    tactic: "TA0010",
    needs: "writes",
    checks: [{ ...putPolicy, severity: "critical", when: [opensToAll(...policyPaths)] }],
    why: "Anybody on the internet can do with the lake's data what the statement allows.",
    fix: "Take the statement out, or narrow it with aws:PrincipalOrgID, and deploy the storage layer again.",
    from: "Panther, Stratus: s3-backdoor-bucket-policy",
  },
  {
    id: "s3-policy-external",
    title: "Bucket shared with an unknown account",
    tactic: "TA0010",
    needs: "writes",
    checks: [{ ...putPolicy, severity: "high", when: [opensToOthers(...policyPaths)] }],
    why: "It is a quiet way out for the data: copies leave without a trace in this account.",
    fix: "Take the account out of the policy, or add it to `accounts` of the audit settings.",
    from: "Stratus: s3-backdoor-bucket-policy",
  },
  {
    id: "s3-policy-removed",
    title: "Bucket policy deleted",
    tactic: "TA0005",
    needs: "writes",
    checks: [{ sources, names: ["DeleteBucketPolicy"], severity: "high", when: [inLake] }],
    why: "Its guards are gone: TLS only, and whatever it denied.",
    fix: "Deploy the storage layer again.",
    from: "CIS AWS Foundations 4.8",
  },
  {
    id: "s3-acl-public",
    title: "ACL opens a bucket",
    tactic: "TA0010",
    needs: "writes",
    checks: [
      {
        sources,
        names: ["PutBucketAcl"],
        severity: "critical",
        when: [
          {
            any: [is("x-amz-acl", "public-read", "public-read-write", "authenticated-read"), grantsToGroup],
          },
        ],
      },
    ],
    why: "Anybody on the internet, or any AWS account, can list or write the bucket.",
    fix: "Set ownership to BucketOwnerEnforced, which ends ACLs.",
    from: "Panther: AWS S3 Bucket ACL",
  },
  {
    id: "s3-public-access-block-off",
    title: "Public access block removed",
    tactic: "TA0005",
    needs: "writes",
    checks: [
      {
        sources: ["s3", "s3-control"],
        names: ["DeleteAccountPublicAccessBlock"],
        severity: "critical",
        when: [],
      },
      {
        sources: ["s3", "s3-control"],
        names: ["PutAccountPublicAccessBlock"],
        severity: "critical",
        when: [blockIsOff],
      },
      { sources, names: ["DeleteBucketPublicAccessBlock"], severity: "high", when: [] },
      { sources, names: ["PutBucketPublicAccessBlock"], severity: "high", when: [blockIsOff] },
    ],
    why: "It is what has to happen before a policy or an ACL can open a bucket.",
    fix: "Turn all four blocks on again.",
    from: "Panther: AWS S3 Bucket Public Access Block",
  },
];

const dataSafetyRules: readonly Rule[] = [
  {
    id: "s3-versioning-suspended",
    title: "Versioning or MFA delete off",
    tactic: "TA0040",
    needs: "writes",
    checks: [
      {
        sources,
        names: ["PutBucketVersioning"],
        severity: "high",
        when: [
          {
            any: [
              is("VersioningConfiguration.Status", "Suspended"),
              is("VersioningConfiguration.MfaDelete", "Disabled"),
            ],
          },
        ],
      },
    ],
    why: "There is no way back after objects are overwritten.",
    fix: "Enable versioning again: deploy the storage layer.",
    from: "Panther: AWS S3 Bucket Versioning",
  },
  {
    id: "s3-lifecycle-short-expiry",
    title: "Data set to expire soon",
    tactic: "TA0040",
    needs: "writes",
    checks: [
      {
        ...lifecycle,
        severity: "critical",
        when: [
          isSoon,
          {
            any: [
              parameters("it expires within a day", (_given, record, settings) =>
                expiriesOf(record, settings).some(({ days }) => days <= 1),
              ),
              parameters("it is the whole bucket", (_given, record, settings) =>
                expiriesOf(record, settings).some(
                  ({ days, isWhole }) => isWhole && days <= settings.minimumExpiryDays,
                ),
              ),
              parameters("it is a trail's bucket", (given, _record, settings) =>
                textsAt(given, "bucketName").some((name) => settings.lists.trailBuckets.has(name)),
              ),
            ],
          },
        ],
      },
      { ...lifecycle, severity: "high", when: [isSoon] },
    ],
    why: "S3 itself deletes the objects, many at once and without a call that is recorded.",
    fix: "Take the rule out within the day: deploy the storage layer again.",
    from: "Stratus: cloudtrail-lifecycle-rule",
  },
  {
    id: "s3-encryption-weakened",
    title: "Default encryption removed or under a foreign key",
    tactic: "TA0005",
    needs: "writes",
    checks: [
      { sources, names: ["DeleteBucketEncryption"], severity: "high", when: [] },
      {
        sources,
        names: ["PutBucketEncryption"],
        severity: "high",
        when: [
          {
            any: [
              isForeign(`${defaultKey}.KMSMasterKeyID`),
              parameters("it does not use KMS though the lake does", (given, _record, settings) => {
                const used = textsAt(given, `${defaultKey}.SSEAlgorithm`);
                return settings.kmsRequired && used.some((name) => !name.startsWith("aws:kms"));
              }),
            ],
          },
        ],
      },
    ],
    why: "New objects lose the lake's key; under a foreign one they can be held to ransom.",
    fix: "Set the lake's key again: deploy the storage layer.",
    from: "Panther: AWS S3 Bucket Encryption",
  },
  {
    id: "s3-replication-external",
    title: "Replication to another account",
    tactic: "TA0010",
    needs: "writes",
    checks: [
      {
        sources,
        names: ["PutBucketReplication"],
        severity: "critical",
        when: [
          {
            any: destinations.flatMap((path) => [
              isForeign(`${path}.Account`),
              isOutside(`${path}.Bucket`, "replicaBuckets"),
            ]),
          },
        ],
      },
    ],
    why: "It copies everything that comes into the lake, continuously.",
    fix: "Delete the replication rule, or add its bucket to `replicaBuckets` of the audit settings.",
    from: "Splunk: AWS Exfiltration via Bucket Replication",
  },
  {
    id: "s3-bucket-deleted",
    title: "Bucket of the lake deleted",
    tactic: "TA0040",
    needs: "writes",
    checks: [{ sources, names: ["DeleteBucket"], severity: "critical", when: [inLake] }],
    why: "Its data is gone, and anybody may take its name now.",
    fix: "Deploy the storage layer at once, which takes the name back.",
    from: "Sigma: AWS S3 Bucket Deleted",
  },
];

const bucketRules: readonly Rule[] = [
  {
    id: "s3-logging-off",
    title: "Access logging off",
    tactic: "TA0005",
    needs: "writes",
    checks: [
      {
        sources,
        names: ["PutBucketLogging"],
        severity: "medium",
        when: [lacks("BucketLoggingStatus.LoggingEnabled")],
      },
    ],
    why: "Who reads the bucket is not written down any more.",
    fix: "Name a target bucket for the access logs again.",
    from: "Panther: AWS S3 Bucket Logging",
  },
  {
    id: "s3-ownership-or-lock-weakened",
    title: "ACLs enabled again or object lock relaxed",
    tactic: "TA0005",
    needs: "writes",
    checks: [
      {
        sources,
        names: ["PutBucketOwnershipControls"],
        severity: "medium",
        when: [isOther("OwnershipControls.Rule.ObjectOwnership", "BucketOwnerEnforced")],
      },
      {
        sources,
        names: ["PutBucketObjectLockConfiguration"],
        severity: "medium",
        when: [lacks("ObjectLockConfiguration.Rule")],
      },
    ],
    why: "ACLs are a second way to open objects; without a lock they can be deleted before their time.",
    fix: "Set ownership to BucketOwnerEnforced and put the retention rule back.",
    from: "Amazon S3 API",
  },
];

/** What S3's management records show. */
export const s3Rules: readonly Rule[] = [...policyRules, ...dataSafetyRules, ...bucketRules];
