import { z } from "zod";
import { isObject, memberOf, textOf } from "./values.ts";

/** A part of a record that counts as absent where it is not of its type: no shape may stop an audit. */
const text = z.string().optional().catch(undefined);
const flag = z
  .union([z.boolean(), z.enum(["true", "false"]).transform((word) => word === "true")])
  .optional()
  .catch(undefined);

const identitySchema = z.object({
  type: text,
  arn: text,
  accountId: text,
  accessKeyId: text,
  userName: text,
  principalId: text,
  invokedBy: text,
  sessionContext: z
    .object({ sessionIssuer: z.object({ arn: text }).optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

/**
 * The fields of a CloudTrail record that rules read ("CloudTrail record contents", CloudTrail user guide). Copies that
 * went through Logstash lost `eventTime` and have `@timestamp`.
 */
const recordSchema = z.object({
  eventID: text,
  eventTime: text,
  "@timestamp": text,
  eventSource: text,
  eventName: text,
  eventType: text,
  eventCategory: text,
  managementEvent: flag,
  awsRegion: text,
  sourceIPAddress: text,
  userAgent: text,
  errorCode: text,
  errorMessage: text,
  readOnly: flag,
  recipientAccountId: z.union([z.string(), z.number()]).optional().catch(undefined),
  sessionCredentialFromConsole: flag,
  userIdentity: identitySchema.optional().catch(undefined),
  requestParameters: z.unknown().optional(),
  responseElements: z.unknown().optional(),
  additionalEventData: z.unknown().optional(),
  resources: z.unknown().optional(),
});

/** One resource that a record names. */
export interface RecordResource {
  readonly arn: string;
  readonly type: string | undefined;
}

/** Who made a call. */
export interface Principal {
  readonly type: string | undefined;
  readonly arn: string | undefined;
  readonly userName: string | undefined;
  readonly account: string | undefined;
  readonly accessKeyId: string | undefined;
  /** The AWS service that called on the principal's behalf. */
  readonly invokedBy: string | undefined;
  /** The name of an assumed role's session: what the one who assumed it chose. */
  readonly session: string | undefined;
  /** Who a rule groups by: the role behind a session, else the principal itself, else the service; "unknown" at worst. */
  readonly actor: string;
}

/** One CloudTrail record as rules see it. Everything in it is untrusted text. */
export interface AuditRecord {
  readonly id: string;
  /** Milliseconds since the epoch; undefined where the record tells none that can be read. */
  readonly time: number | undefined;
  /** `s3` for `s3.amazonaws.com`. */
  readonly source: string;
  readonly name: string;
  readonly type: string | undefined;
  readonly kind: "management" | "data" | "other";
  readonly region: string | undefined;
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
  readonly errorCode: string | undefined;
  readonly errorMessage: string | undefined;
  readonly readOnly: boolean | undefined;
  /** The account that the record was written for. */
  readonly account: string | undefined;
  /** Whether the session came from somebody who signed in to the console. */
  readonly fromConsole: boolean;
  readonly principal: Principal;
  /** `requestParameters`; undefined where CloudTrail left them out: null for most denied calls, or too large to keep. */
  readonly parameters: Readonly<Record<string, unknown>> | undefined;
  readonly response: unknown;
  readonly additional: unknown;
  readonly resources: readonly RecordResource[];
}

/**
 * Reads one CloudTrail record, whatever its shape: parts that are missing or of another type count as absent.
 *
 * @returns undefined for what is no record: no object, or one without an event name.
 */
export function readRecord(raw: unknown): AuditRecord | undefined {
  const parsed = recordSchema.safeParse(raw);
  if (!parsed.success) return undefined;
  const { data } = parsed;
  if (data.eventName === undefined || data.eventName === "") return undefined;
  return {
    id: data.eventID ?? "",
    time: timeOf(data.eventTime ?? data["@timestamp"]),
    source: shortSource(data.eventSource ?? ""),
    name: data.eventName,
    type: data.eventType,
    kind: kindOf(data.eventCategory, data.managementEvent),
    region: data.awsRegion,
    address: data.sourceIPAddress,
    userAgent: data.userAgent,
    errorCode: data.errorCode === "" ? undefined : data.errorCode,
    errorMessage: data.errorMessage,
    readOnly: data.readOnly,
    account: textOf(data.recipientAccountId) ?? data.userIdentity?.accountId,
    fromConsole: data.sessionCredentialFromConsole === true,
    principal: readPrincipal(data.userIdentity),
    parameters: readParameters(data.requestParameters),
    response: data.responseElements,
    additional: data.additionalEventData,
    resources: readResources(data.resources),
  };
}

function shortSource(source: string): string {
  return source.endsWith(".amazonaws.com") ? source.slice(0, -".amazonaws.com".length) : source;
}

function timeOf(written: string | undefined): number | undefined {
  const time = written === undefined ? Number.NaN : Date.parse(written);
  return Number.isNaN(time) ? undefined : time;
}

function kindOf(category: string | undefined, management: boolean | undefined): AuditRecord["kind"] {
  if (category === "Data" || management === false) return "data";
  return category === undefined || category === "Management" ? "management" : "other";
}

function readPrincipal(identity: z.infer<typeof identitySchema> | undefined): Principal {
  const arn = identity?.arn;
  const issuer = identity?.sessionContext?.sessionIssuer?.arn;
  const session =
    identity?.type === "AssumedRole" ? (arn ?? identity.principalId)?.split(/[/:]/).at(-1) : undefined;
  return {
    type: identity?.type,
    arn,
    userName: identity?.userName,
    account: identity?.accountId,
    accessKeyId: identity?.accessKeyId,
    invokedBy: identity?.invokedBy,
    session,
    actor:
      issuer ??
      arn ??
      identity?.userName ??
      identity?.invokedBy ??
      identity?.principalId ??
      identity?.accountId ??
      "unknown",
  };
}

function readParameters(value: unknown): AuditRecord["parameters"] {
  if (!isObject(value)) return undefined;
  return value["omitted"] === true ? undefined : value;
}

/** `resources` is a list with `ARN` in raw records and `arn` in some copies. */
function readResources(value: unknown): RecordResource[] {
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).flatMap((each) => {
    const arn = memberOf(each, "ARN");
    const type = memberOf(each, "type");
    return typeof arn === "string" ? [{ arn, type: typeof type === "string" ? type : undefined }] : [];
  });
}
