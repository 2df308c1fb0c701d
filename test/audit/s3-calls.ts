import { call, own, repeat, session, type Json } from "./records.ts";

export const xmlns = "http://s3.amazonaws.com/doc/2006-03-01/";
export const on = (parameters: Json) => ({
  bucketName: "dl-raw",
  Host: "dl-raw.s3.amazonaws.com",
  ...parameters,
});
export const policy = (principal: unknown, more: Json = {}) => ({
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
export const putPolicy = (bucketPolicy: Json) => call("s3:PutBucketPolicy", on({ bucketPolicy, policy: "" }));
export const statement = "requestParameters.bucketPolicy.Statement.1";
export const blocks = (off: Json = {}) => ({
  PublicAccessBlockConfiguration: {
    xmlns,
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
    ...off,
  },
});
export const block = "requestParameters.PublicAccessBlockConfiguration";
export const expiry = (rule: Json) => ({
  Status: "Enabled",
  ID: "old",
  Filter: { Prefix: "landing/" },
  ...rule,
});
export const lifecycle = (rule: Json | Json[], bucketName = "dl-raw") =>
  call(
    "s3:PutBucketLifecycle",
    on({ lifecycle: "", bucketName, LifecycleConfiguration: { xmlns, Rule: rule } }),
  );
export const rule = "requestParameters.LifecycleConfiguration.Rule";
export const encryption = (byDefault: Json) =>
  call(
    "s3:PutBucketEncryption",
    on({
      encryption: "",
      ServerSideEncryptionConfiguration: { xmlns, Rule: { ApplyServerSideEncryptionByDefault: byDefault } },
    }),
  );
export const byDefault =
  "requestParameters.ServerSideEncryptionConfiguration.Rule.ApplyServerSideEncryptionByDefault";
export const replicas = (name: string, destination: Json) =>
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
export const data = { eventCategory: "Data", managementEvent: false };
export const deletion = call("s3:DeleteObject", on({ key: "landing/a" }), {
  ...data,
  ...session("stranger"),
});
export const hundred = repeat(deletion, 100, 6);
export const kmsKey = (account: string) => `arn:aws:kms:eu-west-1:${account}:key/1`;
export const acl = (grantee: Json) => ({
  AccessControlPolicy: {
    xmlns,
    Owner: { ID: "abc" },
    AccessControlList: { Grant: [{ Grantee: { ID: "abc" }, Permission: "FULL_CONTROL" }, grantee] },
  },
});
export const group = "http://acs.amazonaws.com/groups/global";
