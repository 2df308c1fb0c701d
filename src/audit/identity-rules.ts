import { calledBy, calledByAws, isExternal, parameters, policyAt, someAnswer } from "./conditions.ts";
import { minutesOf } from "./correlate.ts";
import { accountsNamed, isBroad, isOpenToGithub } from "./policy.ts";
import type { Check, Rule, Test } from "./rule.ts";
import { textAt, textsAt } from "./values.ts";

const iam = ["iam"];
const documents = ["policyDocument", "assumeRolePolicyDocument"];
const principalIs = (...types: readonly string[]): Test => ({
  says: `the caller is ${types.join(" or ")}`,
  holds: ({ principal }) => types.includes(principal.type ?? ""),
});
const isRoot: readonly Test[] = [
  principalIs("Root"),
  { says: "no service of AWS calls", holds: ({ principal }) => principal.invokedBy === undefined },
  { says: "it is no event of a service", holds: ({ type }) => type !== "AwsServiceEvent" },
];
const signIn = { sources: ["signin"], names: ["ConsoleLogin"] };
const madeFor = (says: string, ask: (named: string | undefined, own: string | undefined) => boolean): Test =>
  parameters(says, (given, { principal }) => ask(textAt(given, "userName"), principal.userName));
const newKey = { sources: iam, names: ["CreateAccessKey", "CreateLoginProfile"] };

/** Managed policies that give all of the account, its roles or its data; in any partition. */
const adminPolicies =
  /:aws:policy\/(AdministratorAccess|IAMFullAccess|AmazonS3FullAccess|AWSLakeFormationDataAdmin)$/;

const trust = { sources: iam, names: ["UpdateAssumeRolePolicy", "CreateRole"] };
const trustIsOpen: Check = {
  ...trust,
  severity: "critical",
  when: [
    {
      any: [
        policyAt(documents, "anybody may take the role", ({ principals }) => principals.includes("*")),
        policyAt(documents, "another account may take the role", (statement, record, settings) =>
          someAnswer(accountsNamed(statement), (account) => isExternal(account, record, settings)),
        ),
        policyAt(documents, "any repository may take the role", isOpenToGithub),
      ],
    },
  ],
};

const signInRules: readonly Rule[] = [
  {
    id: "root-used",
    title: "Root user active",
    tactic: "TA0004",
    needs: "reads",
    checks: [
      {
        severity: "critical",
        when: [...isRoot, { says: "the call writes", holds: ({ readOnly }) => readOnly === false }],
      },
      { severity: "high", when: isRoot },
    ],
    why: "Nothing in a lake needs the root user, and nothing can stop it.",
    fix: "Find out who signed in; lock the root user's credentials away.",
    from: "CIS AWS Foundations 4.3",
  },
  {
    id: "console-no-mfa",
    title: "Console sign-in without MFA",
    tactic: "TA0001",
    needs: "writes",
    checks: [
      {
        ...signIn,
        severity: "high",
        when: [
          principalIs("IAMUser", "Root"),
          {
            says: "the sign-in succeeded",
            holds: ({ response }) => textAt(response, "ConsoleLogin") === "Success",
          },
          {
            says: "MFA was not used",
            holds: ({ additional }) => textAt(additional, "MFAUsed")?.toLowerCase() === "no",
          },
        ],
      },
    ],
    why: "A password alone opens the account.",
    fix: "Require MFA for the user, or move people to single sign-on.",
    from: "CIS AWS Foundations 4.2",
  },
  {
    id: "console-failures",
    title: "Many failed sign-ins",
    tactic: "TA0006",
    needs: "writes",
    checks: [
      {
        ...signIn,
        severity: "medium",
        outcome: "any",
        when: [
          {
            says: "the sign-in failed",
            holds: ({ errorMessage }) => errorMessage === "Failed authentication",
          },
        ],
        together: {
          kind: "burst",
          key: ({ principal, address }) => principal.userName ?? address,
          atLeast: ({ burstSignIns }) => burstSignIns,
          within: minutesOf,
        },
      },
    ],
    why: "Somebody guesses a password.",
    fix: "Ask the user; block the address if it was not them.",
    from: "CIS AWS Foundations 4.6",
  },
];

const iamRules: readonly Rule[] = [
  {
    id: "iam-admin-granted",
    title: "Administrative policy given",
    tactic: "TA0004",
    needs: "writes",
    checks: [
      {
        sources: iam,
        names: ["AttachRolePolicy", "AttachUserPolicy", "AttachGroupPolicy"],
        severity: "high",
        when: [
          parameters("the policy gives all", (given) =>
            textsAt(given, "policyArn").some((arn) => adminPolicies.test(arn)),
          ),
        ],
      },
      {
        sources: iam,
        names: ["PutRolePolicy", "PutUserPolicy", "PutGroupPolicy", "CreatePolicyVersion", "CreatePolicy"],
        severity: "high",
        when: [policyAt(documents, "the policy gives all of a service", isBroad)],
      },
    ],
    why: "Its holder can read and change the whole lake and give others the same.",
    fix: "Detach it, and give the actions and resources that are needed.",
    from: "CIS AWS Foundations 4.4",
  },
  {
    id: "iam-access-key",
    title: "Access key or password made",
    tactic: "TA0003",
    needs: "writes",
    checks: [
      {
        ...newKey,
        severity: "high",
        when: [madeFor("it is another user's", (named, own) => named !== undefined && named !== own)],
      },
      { ...newKey, severity: "medium", when: [] },
    ],
    why: "It lasts until somebody takes it away; CI needs none with OpenID Connect.",
    fix: "Delete it, and use roles with short sessions.",
    from: "Stratus: iam-backdoor-user",
  },
  {
    id: "iam-trust-opened",
    title: "Role may be taken by outsiders",
    tactic: "TA0003",
    needs: "writes",
    checks: [
      trustIsOpen,
      {
        sources: iam,
        names: ["CreateOpenIDConnectProvider"],
        severity: "high",
        when: [
          parameters("the provider is not among identityProviders", (given, _record, settings) =>
            textsAt(given, "url").some((url) => !settings.lists.identityProviders.has(url)),
          ),
        ],
      },
      {
        sources: iam,
        names: ["UpdateOpenIDConnectProviderThumbprint", "AddClientIDToOpenIDConnectProvider"],
        severity: "high",
        when: [{ no: calledBy("deployRoles") }],
      },
    ],
    why: "It is the way CI deploys: with a wildcard, any repository's workflow can deploy, too.",
    fix: "Name the repository in the condition on the token's subject: repo:owner/name:*.",
    from: "Stratus: iam-backdoor-role; GitHub, security hardening with OpenID Connect",
  },
  {
    id: "assume-role-unknown",
    title: "Role taken from an unknown account or repository",
    tactic: "TA0001",
    needs: "writes",
    checks: [
      {
        sources: ["sts"],
        names: ["AssumeRole"],
        severity: "high",
        when: [
          { no: calledByAws },
          {
            says: "the caller is of another account",
            holds: (record, settings) =>
              record.principal.account === undefined
                ? false
                : isExternal(record.principal.account, record, settings),
          },
        ],
      },
      {
        sources: ["sts"],
        names: ["AssumeRoleWithWebIdentity"],
        severity: "high",
        when: [
          {
            says: "the token's subject is not among oidcSubjects",
            holds: ({ principal }, { lists: { oidcSubjects } }) =>
              oidcSubjects.isKnown ? !oidcSubjects.has(principal.userName ?? "") : undefined,
          },
        ],
      },
    ],
    why: "Somebody outside acts with the lake's rights.",
    fix: "Narrow the role's trust policy, or add the account or subject to the audit settings.",
    from: "STS API",
  },
];

/** What the records of sign-ins, IAM and STS show. */
export const identityRules: readonly Rule[] = [...signInRules, ...iamRules];
