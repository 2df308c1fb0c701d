import { accountOf } from "./principals.ts";
import { isObject, memberOf, textOf, valuesAt } from "./values.ts";

/** One condition of a statement: `StringEquals`, `aws:PrincipalOrgID`, its values. Operator and key in lower case. */
interface PolicyCondition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** One statement that allows something. */
export interface AllowStatement {
  /** AWS principals; `*` for everybody, also where the statement only says who is not meant. */
  readonly principals: readonly string[];
  readonly federated: readonly string[];
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly PolicyCondition[];
}

/**
 * The statements of a policy document that allow something. IAM's documents are JSON text, sometimes URL-encoded, S3's are objects.
 *
 * @returns undefined where the value is no policy that can be read.
 */
export function readPolicy(value: unknown): AllowStatement[] | undefined {
  const document = typeof value === "string" ? parsePolicy(value) : value;
  if (!isObject(document) || memberOf(document, "Statement") === undefined) return undefined;
  return valuesAt(document, "Statement")
    .filter((statement) => textOf(memberOf(statement, "Effect"))?.toLowerCase() === "allow")
    .map(readStatement);
}

function parsePolicy(text: string): unknown {
  for (const decode of [(raw: string) => raw, decodeURIComponent]) {
    try {
      return JSON.parse(decode(text)) as unknown;
    } catch {
      continue;
    }
  }
  return undefined;
}

function readStatement(statement: unknown): AllowStatement {
  const principal = memberOf(statement, "Principal");
  const aws = isObject(principal) ? textsIn(memberOf(principal, "AWS")) : textsIn(principal);
  const exceptions = memberOf(statement, "NotPrincipal") === undefined ? [] : ["*"];
  return {
    principals: [...aws, ...exceptions],
    federated: textsIn(memberOf(principal, "Federated")),
    actions: textsIn(memberOf(statement, "Action")),
    resources: textsIn(memberOf(statement, "Resource")),
    conditions: readConditions(memberOf(statement, "Condition")),
  };
}

function readConditions(value: unknown): PolicyCondition[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([operator, keys]) =>
    isObject(keys)
      ? Object.entries(keys).map(([key, values]) => ({
          operator: operator.toLowerCase(),
          key: key.toLowerCase(),
          values: textsIn(values),
        }))
      : [],
  );
}

function textsIn(value: unknown): string[] {
  return (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((each) => textOf(each) ?? []);
}

/** Condition keys that tie a statement to callers somebody knows. */
const narrowingKeys = new Set(
  [
    "PrincipalOrgID",
    "PrincipalOrgPaths",
    "PrincipalAccount",
    "PrincipalArn",
    "SourceOrgID",
    "SourceOrgPaths",
    "SourceAccount",
    "SourceArn",
    "SourceVpce",
    "SourceVpc",
    "SourceIp",
    "VpcSourceIp",
  ].map((key) => `aws:${key.toLowerCase()}`),
);
const openValues = new Set(["*", "0.0.0.0/0", "::/0"]);

/**
 * Whether a condition lets only callers through that have the value: `…IfExists` and `ForAllValues:` let those through that have
 * none, and negations those that have another.
 */
function isPositive({ operator }: PolicyCondition): boolean {
  return (
    !operator.endsWith("ifexists") && !operator.startsWith("forallvalues:") && !/not|null/.test(operator)
  );
}

/** Whether a statement lets anybody in: every principal, and no condition that narrows it. */
export function isPublic({ principals, conditions }: AllowStatement): boolean {
  return (
    principals.includes("*") &&
    !conditions.some(
      (condition) =>
        isPositive(condition) &&
        narrowingKeys.has(condition.key) &&
        condition.values.length > 0 &&
        !condition.values.some((value) => openValues.has(value)),
    )
  );
}

/** The accounts a statement names, as principals or in conditions on the caller's account. */
export function accountsNamed({ principals, conditions }: AllowStatement): string[] {
  const inConditions = conditions
    .filter(({ key }) => key === "aws:principalaccount" || key === "aws:sourceaccount")
    .filter(isPositive)
    .flatMap(({ values }) => values);
  return [...principals, ...inConditions].flatMap((each) => accountOf(each) ?? []);
}

const broadActions = new Set(["*", "*:*", "s3:*", "glue:*", "lakeformation:*", "iam:*", "iam:passrole"]);

/** Whether a statement gives a whole service of a lake, or any role to pass on, over all resources. */
export function isBroad({ actions, resources }: AllowStatement): boolean {
  return resources.includes("*") && actions.some((action) => broadActions.has(action.toLowerCase()));
}

/**
 * Whether a statement lets in workflows of more than one GitHub repository: no condition on the token's subject, or one whose
 * owner or repository is a wildcard. Subjects are `repo:owner/name:…` (GitHub, "Security hardening with OpenID Connect").
 */
export function isOpenToGithub({ federated, conditions }: AllowStatement): boolean {
  if (!federated.some((provider) => provider.endsWith("token.actions.githubusercontent.com"))) return false;
  const subjects = conditions.filter(({ key }) => key.endsWith("token.actions.githubusercontent.com:sub"));
  return !subjects.some(
    (condition) =>
      isPositive(condition) &&
      condition.values.length > 0 &&
      condition.values.every((value) => /^repo:[^*?/:]+\/[^*?/:]+(:.*|\*)?$/.test(value)),
  );
}
