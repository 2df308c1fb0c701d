import { isObject, memberOf, textOf } from "./values.ts";

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
 * Reads one CloudTrail record, whatever its shape: parts that are missing or of another type count as absent ("CloudTrail record
 * contents", CloudTrail user guide). Written by hand, without a schema, because an audit reads millions of them.
 *
 * @returns undefined for what is no record: no object, or one without an event name.
 */
export function readRecord(raw: unknown): AuditRecord | undefined {
  if (!isObject(raw)) return undefined;
  const name = text(raw["eventName"]);
  if (name === undefined || name === "") return undefined;
  const identity = isObject(raw["userIdentity"]) ? raw["userIdentity"] : undefined;
  const errorCode = text(raw["errorCode"]);
  return {
    id: text(raw["eventID"]) ?? "",
    // Copies that went through Logstash lost `eventTime`.
    time: timeOf(text(raw["eventTime"]) ?? text(raw["@timestamp"])),
    source: shortSource(text(raw["eventSource"]) ?? ""),
    name,
    type: text(raw["eventType"]),
    kind: kindOf(text(raw["eventCategory"]), flag(raw["managementEvent"])),
    region: text(raw["awsRegion"]),
    address: text(raw["sourceIPAddress"]),
    userAgent: text(raw["userAgent"]),
    errorCode: errorCode === "" ? undefined : errorCode,
    errorMessage: text(raw["errorMessage"]),
    readOnly: flag(raw["readOnly"]),
    account: textOf(raw["recipientAccountId"]) ?? text(identity?.["accountId"]),
    fromConsole: flag(raw["sessionCredentialFromConsole"]) === true,
    principal: readPrincipal(identity),
    parameters: readParameters(raw["requestParameters"]),
    response: raw["responseElements"],
    additional: raw["additionalEventData"],
    resources: readResources(raw["resources"]),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Some copies have booleans as text. */
function flag(value: unknown): boolean | undefined {
  if (value === true || value === "true") return true;
  return value === false || value === "false" ? false : undefined;
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

function readPrincipal(identity: Readonly<Record<string, unknown>> | undefined): Principal {
  const arn = text(identity?.["arn"]);
  const type = text(identity?.["type"]);
  const userName = text(identity?.["userName"]);
  const account = text(identity?.["accountId"]);
  const invokedBy = text(identity?.["invokedBy"]);
  const id = text(identity?.["principalId"]);
  const issuer = text(memberOf(memberOf(identity?.["sessionContext"], "sessionIssuer"), "arn"));
  return {
    type,
    arn,
    userName,
    account,
    accessKeyId: text(identity?.["accessKeyId"]),
    invokedBy,
    session: type === "AssumedRole" ? sessionOf(arn ?? id) : undefined,
    actor: issuer ?? arn ?? userName ?? invokedBy ?? id ?? account ?? "unknown",
  };
}

/** What follows the role in `arn:…:assumed-role/role/session`, and the id in `AROA…:session`. */
function sessionOf(name: string | undefined): string | undefined {
  return name?.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf(":")) + 1);
}

function readParameters(value: unknown): AuditRecord["parameters"] {
  if (!isObject(value)) return undefined;
  return value["omitted"] === true ? undefined : value;
}

/** `resources` is a list with `ARN` in raw records and `arn` in some copies. */
function readResources(value: unknown): readonly RecordResource[] {
  if (!Array.isArray(value)) return none;
  return (value as unknown[]).flatMap((each) => {
    const arn = text(memberOf(each, "ARN"));
    return arn === undefined ? [] : [{ arn, type: text(memberOf(each, "type")) }];
  });
}

const none: readonly RecordResource[] = [];
