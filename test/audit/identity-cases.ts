import { hit, hits, type Case } from "./case.ts";
import { call, foreign, own, repeat, session, trusted, type Json } from "./records.ts";

const root: Json = { userIdentity: { type: "Root", arn: `arn:aws:iam::${own}:root`, accountId: own } };
const user = (name: string, type = "IAMUser") => ({
  userIdentity: { type, arn: `arn:aws:iam::${own}:user/${name}`, accountId: own, userName: name },
});
const signIn = (more: Json = {}) =>
  call("signin:ConsoleLogin", null, {
    ...user("ada"),
    eventType: "AwsConsoleSignIn",
    responseElements: { ConsoleLogin: "Success" },
    additionalEventData: { MFAUsed: "No", MobileVersion: "No" },
    ...more,
  });
const failure = signIn({
  responseElements: { ConsoleLogin: "Failure" },
  errorMessage: "Failed authentication",
});
const five = repeat(failure, 5, 150);
const document = (action: string | string[], resource = "*", effect = "Allow") =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: effect, Action: action, Resource: resource }],
  });
const aws = "arn:aws:iam::aws:policy";
const inline = "requestParameters.policyDocument";
const trust = (principal: unknown, condition?: Json) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole", Condition: condition }],
  });
const github = { Federated: `arn:aws:iam::${own}:oidc-provider/token.actions.githubusercontent.com` };
const subject = (value: string | string[], operator = "StringLike") => ({
  [operator]: { "token.actions.githubusercontent.com:sub": value },
});
const openTrust = (principal: unknown, condition?: Json) =>
  call("iam:UpdateAssumeRolePolicy", { roleName: "dl-deploy", policyDocument: trust(principal, condition) });
const createRole = (principal: unknown) =>
  call("iam:CreateRole", { roleName: "new", assumeRolePolicyDocument: trust(principal) });
const by = (name: string) => session(name)["userIdentity"];
const assume = { roleArn: `arn:aws:iam::${own}:role/dl-deploy`, roleSessionName: "session" };
const from = (account: string, type = "AWSAccount") => ({ userIdentity: { type, accountId: account } });
const web = (userName: string) => ({ userIdentity: { type: "WebIdentityUser", userName }, readOnly: true });

/** Cases of the rules of sign-ins, IAM and STS. A change by neither CI nor the lake is one step worse. */
export const identityCases: Readonly<Record<string, readonly Case[]>> = {
  "root-used": [
    hit(
      "high",
      call("ec2:DescribeInstances", {}, { ...root, readOnly: true }),
      ["userIdentity.type", "IAMUser"],
      ["userIdentity.invokedBy", "config.amazonaws.com"],
      ["eventType", "AwsServiceEvent"],
    ),
    hit(
      "critical",
      call("s3:CreateBucket", { bucketName: "new" }, root),
      ["userIdentity.type", "AssumedRole"],
      ["userIdentity.invokedBy", "cloudformation.amazonaws.com"],
      ["eventType", "AwsServiceEvent"],
      ["errorCode", "AccessDenied"],
    ),
  ],
  "console-no-mfa": [
    hit(
      "high",
      signIn(),
      ["additionalEventData.MFAUsed", "Yes"],
      ["responseElements.ConsoleLogin", "Failure"],
      ["userIdentity.type", "AssumedRole"],
    ),
    hit("high", signIn(root), ["additionalEventData", null]),
  ],
  "console-failures": [
    hits(
      "medium",
      five,
      five.slice(1),
      repeat(failure, 5, 151),
      five.map((record, index) => (index === 2 ? { ...record, ...user("bob") } : record)),
      five.map((record, index) => (index === 2 ? { ...record, errorMessage: undefined } : record)),
    ),
    hits(
      "medium",
      repeat({ ...failure, userIdentity: { type: "IAMUser" } }, 5, 1).map((record) => ({
        ...record,
        errorCode: "Failure",
      })),
    ),
  ],
  "iam-admin-granted": [
    hit(
      "high",
      call("iam:AttachRolePolicy", { roleName: "dl-glue", policyArn: `${aws}/AdministratorAccess` }),
      ["requestParameters.policyArn", `${aws}/ReadOnlyAccess`],
      ["requestParameters.policyArn", `arn:aws:iam::${own}:policy/AdministratorAccess`],
    ),
    hit(
      "high",
      call("iam:AttachUserPolicy", {
        userName: "ada",
        policyArn: "arn:aws-cn:iam::aws:policy/IAMFullAccess",
      }),
    ),
    hit("high", call("iam:AttachGroupPolicy", { groupName: "all", policyArn: `${aws}/AmazonS3FullAccess` })),
    hit(
      "high",
      call("iam:PutRolePolicy", { roleName: "dl-glue", policyName: "p", policyDocument: document("s3:*") }),
      [inline, document("s3:GetObject")],
      [inline, document("s3:*", "arn:aws:s3:::dl-raw/*")],
      [inline, document("s3:*", "*", "Deny")],
    ),
    hit(
      "high",
      call("iam:PutUserPolicy", {
        userName: "ada",
        policyName: "p",
        policyDocument: encodeURIComponent(document(["logs:PutLogEvents", "iam:PassRole"])),
      }),
    ),
    hit(
      "high",
      call("iam:PutGroupPolicy", { groupName: "all", policyName: "p", policyDocument: document("*") }),
    ),
    hit("high", call("iam:CreatePolicy", { policyName: "p", policyDocument: document("glue:*") })),
    hit(
      "high",
      call("iam:CreatePolicyVersion", {
        policyArn: `arn:aws:iam::${own}:policy/p`,
        policyDocument: document("lakeformation:*"),
      }),
    ),
  ],
  "iam-access-key": [
    hit(
      "critical",
      call("iam:CreateAccessKey", { userName: "bob" }, user("ada")),
      ["eventName", "DeleteAccessKey"],
      ["errorCode", "LimitExceededException"],
    ),
    hit(
      "critical",
      call("iam:CreateLoginProfile", { userName: "bob", passwordResetRequired: false }, user("ada")),
    ),
    hit("high", call("iam:CreateAccessKey", { userName: "ada" }, user("ada")), ["eventName", "GetUser"]),
    hit(
      "high",
      call("iam:CreateLoginProfile", { userName: "ada", passwordResetRequired: false }, user("ada")),
    ),
    hit("high", call("iam:CreateAccessKey", null, user("ada"))),
  ],
  "iam-trust-opened": [
    hit(
      "critical",
      openTrust(github, subject("repo:acme/*")),
      [inline, trust(github, subject("repo:acme/lake:*"))],
      [inline, trust(github, subject(["repo:acme/lake:ref:refs/heads/main"], "StringEquals"))],
    ),
    hit("critical", openTrust(github)),
    hit("critical", openTrust(github, subject("repo:acme/lake:*", "StringNotLike"))),
    hit("critical", openTrust(github, subject("repo:acme/lake:*", "ForAllValues:StringLike"))),
    hit("critical", openTrust({ AWS: "*" }), [inline, trust({ AWS: `arn:aws:iam::${own}:root` })]),
    hit("critical", openTrust({ AWS: foreign }), [inline, trust({ AWS: trusted })]),
    hit("critical", createRole({ AWS: `arn:aws:iam::${foreign}:root` }), [
      "requestParameters.assumeRolePolicyDocument",
      trust({ Service: "glue.amazonaws.com" }),
    ]),
    hit("high", call("iam:CreateOpenIDConnectProvider", { url: "https://elsewhere.example" }), [
      "requestParameters.url",
      "https://token.actions.githubusercontent.com",
    ]),
    hit(
      "critical",
      call(
        "iam:UpdateOpenIDConnectProviderThumbprint",
        { openIDConnectProviderArn: github.Federated, thumbprintList: ["0".repeat(40)] },
        session("stranger"),
      ),
      ["userIdentity", by("dl-deploy")],
    ),
    hit(
      "high",
      call("iam:AddClientIDToOpenIDConnectProvider", {
        openIDConnectProviderArn: github.Federated,
        clientID: "sts.amazonaws.com",
      }),
      ["userIdentity", by("dl-deploy")],
    ),
  ],
  "assume-role-unknown": [
    hit(
      "high",
      call("sts:AssumeRole", assume, from(foreign)),
      ["userIdentity.accountId", trusted],
      ["userIdentity.accountId", own],
      ["userIdentity.type", "AWSService"],
    ),
    hit("high", call("sts:AssumeRoleWithWebIdentity", assume, web("repo:mallory/lake:ref:refs/heads/main")), [
      "userIdentity.userName",
      "repo:acme/lake:ref:refs/heads/main",
    ]),
  ],
};
