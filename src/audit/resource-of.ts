import type { AuditRecord } from "./record.ts";
import { textAt } from "./values.ts";

/** Parameters that name what a call is about, the first that is there. */
const paths = [
  "bucketName",
  "databaseName",
  "tableData.databaseName",
  "resource.table.databaseName",
  "resource.database.name",
  "workGroup",
  "keyId",
  "resourceArn",
  "roleName",
  "userName",
  "groupName",
  "policyName",
  "trailName",
  "jobName",
  "jobFlowId",
  "clusterId",
  "applicationId",
  "tagKey",
  "name",
];

/**
 * What a call is about: `sales.orders`, a bucket's name, an ARN; undefined where the record does not say. Untrusted text, cut at
 * 200 characters.
 */
export function resourceOf(record: AuditRecord): string | undefined {
  const { parameters, resources } = record;
  for (const path of paths) {
    const text = parameters === undefined ? undefined : textAt(parameters, path);
    if (text === undefined || text === "") continue;
    const table =
      path === "databaseName" ? (textAt(parameters, "tableName") ?? textAt(parameters, "name")) : undefined;
    return (table === undefined ? text : `${text}.${table}`).slice(0, 200);
  }
  return (resources[0]?.arn ?? deniedResource(record))?.slice(0, 200);
}

/**
 * The ARN that the message of a denied call names: all that is left of its parameters. IAM names some as `user ada`.
 */
export function deniedResource({ errorMessage = "", source, account }: AuditRecord): string | undefined {
  const [, arn] = /on resource: (?:[a-z]+ )?(arn:[\x21\x23-\x7e]{1,400})/.exec(errorMessage) ?? [];
  const [, kind, name] =
    /on resource: (user|role|group|policy) ([\w+=,.@/-]{1,128})/.exec(errorMessage) ?? [];
  if (arn !== undefined || kind === undefined || source !== "iam") return arn;
  return `arn:aws:iam::${account ?? "*"}:${kind}/${name ?? ""}`;
}
