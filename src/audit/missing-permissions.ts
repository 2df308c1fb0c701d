import type { AuditRecord } from "./record.ts";
import { deniedResource, resourceOf } from "./resource-of.ts";

/** A call that was denied, and the permission that it wanted. */
export interface DeniedCall {
  readonly principal: string;
  /** As IAM names it: `s3:PutLifecycleConfiguration`. */
  readonly action: string;
  /** An ARN, or `*` where no record names one. */
  readonly resource: string;
  readonly count: number;
  /** A policy denies it by name: allowing it elsewhere does not help. */
  readonly isExplicit: boolean;
  /** A few event ids. */
  readonly events: readonly string[];
}

/** A policy document with what one principal was denied. */
export interface MissingPermissions {
  readonly principal: string;
  readonly policy: {
    readonly Version: "2012-10-17";
    readonly Statement: readonly {
      readonly Effect: "Allow";
      readonly Action: readonly string[];
      readonly Resource: readonly string[];
    }[];
  };
}

/** Services whose names in IAM differ from those in CloudTrail. */
const prefixes: Readonly<Record<string, string>> = {
  monitoring: "cloudwatch",
  email: "ses",
  tagging: "tag",
  "s3-control": "s3",
  signin: "signin",
};

/** Calls whose permission has another name (Service Authorization Reference, Amazon S3). */
const actions: Readonly<Record<string, string>> = {
  "s3:HeadBucket": "s3:ListBucket",
  "s3:ListObjects": "s3:ListBucket",
  "s3:ListObjectsV2": "s3:ListBucket",
  "s3:ListObjectVersions": "s3:ListBucketVersions",
  "s3:ListBuckets": "s3:ListAllMyBuckets",
  "s3:HeadObject": "s3:GetObject",
  "s3:CopyObject": "s3:PutObject",
  "s3:CompleteMultipartUpload": "s3:PutObject",
  "s3:CreateMultipartUpload": "s3:PutObject",
  "s3:UploadPart": "s3:PutObject",
  "s3:DeleteObjects": "s3:DeleteObject",
  "s3:GetBucketLifecycle": "s3:GetLifecycleConfiguration",
  "s3:PutBucketLifecycle": "s3:PutLifecycleConfiguration",
  "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
  "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
  "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
  "s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
  "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
  "s3:PutBucketReplication": "s3:PutReplicationConfiguration",
  "s3:DeleteBucketReplication": "s3:PutReplicationConfiguration",
  "s3:DeleteBucketPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
  "s3:DeleteBucketTagging": "s3:PutBucketTagging",
  "s3:DeleteBucketOwnershipControls": "s3:PutBucketOwnershipControls",
};

const mostCalls = 2000;

/** Collects the denied calls of a window, in bounded memory. */
export class DeniedCalls {
  readonly #calls = new Map<
    string,
    { call: Omit<DeniedCall, "count" | "events">; count: number; events: string[] }
  >();

  /** Adds a record of a call that was denied. */
  add(record: AuditRecord): void {
    const call = readDenial(record);
    const key = JSON.stringify(call);
    const known = this.#calls.get(key);
    if (known === undefined && this.#calls.size >= mostCalls) return;
    const entry = known ?? { call, count: 0, events: [] };
    entry.count += 1;
    if (entry.events.length < 5 && record.id !== "") entry.events.push(record.id);
    this.#calls.set(key, entry);
  }

  /** The denied calls, the most frequent first. */
  toList(): DeniedCall[] {
    return [...this.#calls.values()]
      .map(({ call, count, events }) => ({ ...call, count, events }))
      .sort((one, other) => other.count - one.count);
  }
}

/**
 * The permission that a denied call wanted. Services that say it in the message ("… is not authorized to perform: s3:GetObject
 * on resource: arn:…") are believed before the event's name, which differs from the action's for a few calls, and for a role
 * that is passed on.
 */
function readDenial(record: AuditRecord): Omit<DeniedCall, "count" | "events"> {
  const message = record.errorMessage ?? "";
  const [, said] =
    /not authorized to perform: ([a-z0-9-]{1,40}:[A-Za-z0-9]{1,80})(?![A-Za-z0-9:])/.exec(message) ?? [];
  const on = deniedResource(record);
  const named = record.resources[0]?.arn;
  return {
    principal: record.principal.actor,
    action: said ?? actionOf(record),
    resource: on ?? (isArn(named) ? named : (bucketArn(record) ?? "*")),
    isExplicit: message.includes("with an explicit deny"),
  };
}

function actionOf({ source, name }: AuditRecord): string {
  const plain = name.replace(/\d{8}(v\d+)?$/, "");
  const action = `${prefixes[source] ?? source}:${plain}`;
  return actions[action] ?? action;
}

function isArn(text: string | undefined): text is string {
  return text !== undefined && /^arn:[\x21\x23-\x7e]{1,400}$/.test(text);
}

function bucketArn(record: AuditRecord): string | undefined {
  const resource = record.source === "s3" ? resourceOf(record) : undefined;
  return resource !== undefined && /^[a-z0-9.-]{3,63}$/.test(resource)
    ? `arn:aws:s3:::${resource}`
    : undefined;
}

/** The least policies that allow what was denied, one a principal; without what a policy denies by name. */
export function missingPermissions(denied: readonly DeniedCall[]): MissingPermissions[] {
  const wanted = denied.filter(
    ({ isExplicit, action }) => !isExplicit && /^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action),
  );
  return [...Map.groupBy(wanted, ({ principal }) => principal)].map(([principal, calls]) => {
    const byAction = [...Map.groupBy(calls, ({ action }) => action)].map(([action, same]) => ({
      action,
      resources: [...new Set(same.map(({ resource }) => resource))].sort(),
    }));
    const statements = [...Map.groupBy(byAction, ({ resources }) => resources.join("\n")).values()].map(
      (same) => ({
        Effect: "Allow" as const,
        Action: same.map(({ action }) => action).sort(),
        Resource: same[0]?.resources ?? ["*"],
      }),
    );
    return { principal, policy: { Version: "2012-10-17" as const, Statement: statements } };
  });
}
