import { hit, type Case } from "./case.ts";
import { call, foreign, own, trusted } from "./records.ts";
import { on, policy, putPolicy, statement, blocks, block, acl, group } from "./s3-calls.ts";

/** Cases of the rules on who may use a bucket. */
export const s3AccessCases: Readonly<Record<string, readonly Case[]>> = {
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
};
