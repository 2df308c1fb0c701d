import { hit, type Case } from "./case.ts";
import { call, own, session, type Json } from "./records.ts";

const role = (name: string) => `arn:aws:iam::${own}:role/${name}`;
const block = (more: Json) =>
  call("elasticmapreduce:PutBlockPublicAccessConfiguration", {
    blockPublicAccessConfiguration: {
      blockPublicSecurityGroupRules: true,
      permittedPublicSecurityGroupRuleRanges: [{ minRange: 22, maxRange: 22 }],
      ...more,
    },
  });
const config = "requestParameters.blockPublicAccessConfiguration";
/** A cluster that no rule minds: in a private subnet, encrypted, with code of the lake. */
const cluster = (instances: Json = {}, more: Json = {}) =>
  call("elasticmapreduce:RunJobFlow", {
    name: "dl",
    securityConfiguration: "lake",
    instances: { ec2SubnetId: "subnet-private", masterInstanceType: "m5.xlarge", ...instances },
    steps: [
      {
        name: "job",
        hadoopJarStep: {
          jar: "command-runner.jar",
          args: ["spark-submit", "s3://dl-code/job.py", "s3://any/data/"],
        },
      },
    ],
    ...more,
  });
const instances = "requestParameters.instances";
const step = (jar: string, args: string[]) =>
  call("elasticmapreduce:AddJobFlowSteps", {
    jobFlowId: "j-1",
    steps: [{ name: "job", hadoopJarStep: { jar, args } }],
  });
const hadoopStep = "requestParameters.steps.0.hadoopJarStep";
const stranger = session("stranger");
const by = (name: string) => session(name)["userIdentity"];
const serverless = (executionRoleArn: string) => ({
  applicationId: "00abc",
  clientToken: "token",
  executionRoleArn,
});

/** Cases of the rules of EMR and EMR Serverless. A call by neither CI nor the lake is one step worse. */
export const emrCases: Readonly<Record<string, readonly Case[]>> = {
  "emr-block-public-access-off": [
    hit(
      "high",
      block({ blockPublicSecurityGroupRules: false }),
      [`${config}.blockPublicSecurityGroupRules`, true],
      ["errorCode", "AccessDenied"],
    ),
    hit(
      "high",
      block({ permittedPublicSecurityGroupRuleRanges: [{ minRange: 22, maxRange: 443 }] }),
      [`${config}.permittedPublicSecurityGroupRuleRanges.0.maxRange`, 22],
      [`${config}.permittedPublicSecurityGroupRuleRanges`, []],
    ),
    hit("high", block({ permittedPublicSecurityGroupRuleRanges: [{ minRange: 8088 }] }), [
      `${config}.permittedPublicSecurityGroupRuleRanges.0.minRange`,
      22,
    ]),
  ],
  "emr-cluster-public-subnet": [
    hit(
      "high",
      cluster({ ec2SubnetId: "subnet-public" }),
      [`${instances}.ec2SubnetId`, "subnet-private"],
      ["eventName", "DescribeCluster"],
    ),
    hit(
      "high",
      cluster({ ec2SubnetId: undefined }),
      [`${instances}.ec2SubnetId`, "subnet-private"],
      [`${instances}.ec2SubnetIds`, ["subnet-private"]],
    ),
    hit("high", cluster({ ec2SubnetId: undefined, ec2SubnetIds: ["subnet-private", "subnet-public"] }), [
      `${instances}.ec2SubnetIds`,
      ["subnet-private"],
    ]),
  ],
  "emr-code-from-unknown-place": [
    hit(
      "high",
      step("command-runner.jar", ["spark-submit", "s3://elsewhere/job.py"]),
      [`${hadoopStep}.args.1`, "s3://dl-code/job.py"],
      [`${hadoopStep}.args.1`, "s3://elsewhere/data/"],
    ),
    hit("high", step("s3://elsewhere/run.jar", []), [`${hadoopStep}.jar`, "s3://dl-code/run.jar"]),
    hit(
      "high",
      cluster(
        {},
        {
          bootstrapActions: [
            { name: "b", scriptBootstrapAction: { path: "s3://elsewhere/setup.sh", args: [] } },
          ],
        },
      ),
      ["requestParameters.bootstrapActions.0.scriptBootstrapAction.path", "s3://dl-code/setup.sh"],
    ),
  ],
  "emr-steps-unknown-principal": [
    hit(
      "critical",
      call("elasticmapreduce:AddJobFlowSteps", { jobFlowId: "j-1", steps: [] }, stranger),
      ["userIdentity", by("dl-scheduler")],
      ["userIdentity", by("dl-deploy")],
      ["userIdentity", by("dl-glue")],
    ),
    hit("high", call("emr-serverless:StartJobRun", serverless(role("other"))), [
      "requestParameters.executionRoleArn",
      role("dl-glue"),
    ]),
    hit("high", call("emr-serverless:StartSession", serverless(role("other"))), ["eventName", "GetSession"]),
  ],
  "emr-termination-protection-off": [
    hit(
      "medium",
      call("elasticmapreduce:SetTerminationProtection", { jobFlowIds: ["j-1"], terminationProtected: false }),
      ["requestParameters.terminationProtected", true],
      ["eventName", "SetVisibleToAllUsers"],
    ),
  ],
  "emr-cluster-killed": [
    hit(
      "high",
      call("elasticmapreduce:TerminateJobFlows", { jobFlowIds: ["j-1"] }, stranger),
      ["userIdentity", by("dl-scheduler")],
      ["userIdentity", by("dl-deploy")],
      ["userIdentity", { type: "AWSService", invokedBy: "elasticmapreduce.amazonaws.com" }],
    ),
  ],
  "emr-security-config-removed": [
    hit(
      "medium",
      cluster({}, { securityConfiguration: undefined }),
      ["requestParameters.securityConfiguration", "lake"],
      ["eventName", "DescribeCluster"],
    ),
    hit("medium", call("elasticmapreduce:DeleteSecurityConfiguration", { name: "lake" })),
    hit("low", cluster({ ec2KeyName: "shared" }), [`${instances}.ec2KeyName`, undefined]),
  ],
};
