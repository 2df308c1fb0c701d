import { calledBy, calledByAws, has, is, isUnlisted, lacks, parameters } from "./conditions.ts";
import type { Rule, Test } from "./rule.ts";
import { textAt, textsAt, valuesAt } from "./values.ts";

const sources = ["elasticmapreduce"];
const runJobFlow = { sources, names: ["RunJobFlow"] };
const block = "blockPublicAccessConfiguration";

const opensPorts: Test = parameters("ports other than 22 may be public", (given) =>
  valuesAt(given, `${block}.permittedPublicSecurityGroupRuleRanges`).some((range) => {
    const first = textAt(range, "minRange");
    return first !== "22" || (textAt(range, "maxRange") ?? first) !== "22";
  }),
);

/** What steps run: bootstrap scripts, jars, and arguments that name files of code; data has other names. */
const runsUnknownCode: Test = parameters("code comes from an unknown place", (given, _record, settings) => {
  const steps = valuesAt(given, "steps.hadoopJarStep");
  const code = [
    ...textsAt(given, "bootstrapActions.scriptBootstrapAction.path"),
    ...steps.flatMap((step) => [...textsAt(step, "jar"), ...textsAt(step, "args").filter(isCode)]),
  ].filter((place) => /^(s3[an]?|https?):\/\//i.test(place));
  const known = settings.lists.codePrefixes;
  if (code.length > 0) return known.isKnown ? code.some((place) => !known.has(place)) : undefined;
  const isRedacted = steps.some(
    (step) => valuesAt(step, "args").length === 0 && isRunner(textAt(step, "jar")),
  );
  return isRedacted ? undefined : false;
});

const isCode = (argument: string): boolean => /\.(py|jar|sh|zip|egg|whl|r|sql|hql|q|pig)$/i.test(argument);

/** `command-runner.jar` and `script-runner.jar` run what their arguments name: without arguments nothing is known. */
const isRunner = (jar: string | undefined): boolean => jar === undefined || jar.endsWith("-runner.jar");

/** What EMR's and EMR Serverless' records show. */
export const emrRules: readonly Rule[] = [
  {
    id: "emr-block-public-access-off",
    title: "EMR's block of public access off or widened",
    tactic: "TA0005",
    needs: "writes",
    checks: [
      {
        sources,
        names: ["PutBlockPublicAccessConfiguration"],
        severity: "high",
        when: [{ any: [is(`${block}.blockPublicSecurityGroupRules`, "false"), opensPorts] }],
      },
    ],
    why: "Clusters may then open Spark's and YARN's pages, which run code, to the internet.",
    fix: "Turn the block on again for every port but 22.",
    from: "Prowler emr_cluster_account_public_block_enabled",
  },
  {
    id: "emr-cluster-public-subnet",
    title: "Cluster in an unapproved subnet",
    tactic: "TA0001",
    needs: "writes",
    checks: [
      {
        ...runJobFlow,
        severity: "high",
        when: [
          {
            any: [
              { all: [lacks("instances.ec2SubnetId"), lacks("instances.ec2SubnetIds")] },
              isUnlisted("instances.ec2SubnetId", "privateSubnets"),
              isUnlisted("instances.ec2SubnetIds", "privateSubnets"),
            ],
          },
        ],
      },
    ],
    why: "Nodes with public addresses hold credentials of the lake; with no subnet, EMR takes a default one.",
    fix: "End the cluster and start it in a private subnet, or add the subnet to the audit settings.",
    from: "Prowler emr_cluster_master_nodes_no_public_ip",
  },
  {
    id: "emr-code-from-unknown-place",
    title: "Step or bootstrap script from an unknown place",
    tactic: "TA0002",
    needs: "writes",
    checks: [
      { sources, names: ["RunJobFlow", "AddJobFlowSteps"], severity: "high", when: [runsUnknownCode] },
    ],
    why: "It is any code, run with the cluster's rights on the data.",
    fix: "Cancel the step, or add the place to `codePrefixes` of the audit settings.",
    from: "EMR API",
  },
  {
    id: "emr-steps-unknown-principal",
    title: "Job submitted by an unexpected caller",
    tactic: "TA0002",
    needs: "writes",
    checks: [
      {
        sources: ["elasticmapreduce", "emr-serverless"],
        names: ["AddJobFlowSteps", "StartJobRun", "StartSession"],
        severity: "high",
        when: [
          {
            any: [
              { no: calledBy("jobSubmitters", "deployRoles", "runtimeRoles") },
              isUnlisted("executionRoleArn", "jobRoles"),
            ],
          },
        ],
      },
    ],
    why: "Its code runs with the rights of the cluster or of the role it was given.",
    fix: "Ask the caller, or add it to `jobSubmitters` of the audit settings.",
    from: "EMR and EMR Serverless API",
  },
  {
    id: "emr-termination-protection-off",
    title: "Termination protection off",
    tactic: "TA0040",
    needs: "writes",
    checks: [
      {
        sources,
        names: ["SetTerminationProtection"],
        severity: "medium",
        when: [is("terminationProtected", "false")],
      },
    ],
    why: "It is the step before a running cluster is ended.",
    fix: "Ask the caller; turn protection on again while jobs run.",
    from: "EMR API",
  },
  {
    id: "emr-cluster-killed",
    title: "Cluster ended outside CI",
    tactic: "TA0040",
    needs: "writes",
    checks: [
      {
        sources,
        names: ["TerminateJobFlows"],
        severity: "medium",
        when: [{ no: calledByAws }, { no: calledBy("deployRoles", "schedulers") }],
      },
    ],
    why: "Jobs that ran on it are lost.",
    fix: "Ask the caller, or add it to `schedulers` of the audit settings.",
    from: "EMR API",
  },
  {
    id: "emr-security-config-removed",
    title: "Cluster without a security configuration",
    tactic: "TA0005",
    needs: "writes",
    checks: [
      { ...runJobFlow, severity: "medium", when: [lacks("securityConfiguration")] },
      { sources, names: ["DeleteSecurityConfiguration"], severity: "medium", when: [] },
      { ...runJobFlow, severity: "low", when: [has("instances.ec2KeyName")] },
    ],
    why: "Encryption on disks and between nodes is off, or a shared key opens a shell on the nodes.",
    fix: "Start clusters with the lake's security configuration and without a key pair.",
    from: "EMR management guide",
  },
];
