import { z } from "zod";
import { namesOf } from "./principals.ts";

const names = z.array(z.string()).optional();

/**
 * What an audit is told about a lake. Every list may hold globs (`*`), and principals may be written as ARNs or bare names. A
 * list of places that is left out means every place; a list of what is allowed that is left out means that rules on it cannot
 * judge, and are reported as "not visible".
 */
const auditSettingsSchema = z.strictObject({
  /** The lake's own account; by default the account each record was written for. */
  account: z.string().optional(),

  buckets: names.describe("the lake's buckets"),
  databases: names.describe("the lake's Glue databases"),
  workgroups: names.describe("the lake's Athena workgroups"),
  keys: names.describe("the lake's KMS keys, as ids or ARNs"),

  accounts: names.describe("accounts, or ARNs of organizations, that data may be shared with"),
  deployRoles: names.describe("roles that deploy the lake from CI"),
  runtimeRoles: names.describe("roles that the lake's own crawlers, jobs and clusters run with"),
  lakeAdmins: names.describe("the administrators of Lake Formation"),
  lakeRoles: names.describe("roles that Lake Formation locations may be registered with"),
  crawlerRoles: names.describe("roles of crawlers"),
  jobRoles: names.describe("roles of Glue and EMR Serverless jobs"),
  jobSubmitters: names.describe("who may submit EMR steps and jobs"),
  schedulers: names.describe("who may terminate clusters, besides the roles that deploy"),
  oidcSubjects: names.describe("subjects of web identity tokens that may take a role: repo:owner/name:*"),
  identityProviders: z.array(z.string()).default(["*token.actions.githubusercontent.com"]),

  codePrefixes: names.describe("where code may come from: s3://bucket/jobs/*"),
  replicaBuckets: names.describe("buckets that replicas may go to"),
  resultBuckets: names.describe("buckets that Athena's results may go to"),
  trailBuckets: names.describe("buckets of trails"),
  recordedBuckets: names.describe("buckets whose object events a trail has to record"),
  temporaryPrefixes: z.array(z.string()).default(["athena-results/*"]),
  privateSubnets: names.describe("subnets that clusters may run in"),
  runnerAddresses: names.describe("addresses that runners share, which a session may move between"),
  kmsRequired: z.boolean().default(false),
  minimumExpiryDays: z.number().positive().default(7),
  maximumScanBytes: z.number().positive().optional(),

  /** Session names of the run that is told about; by default everything in the window. */
  runSessions: names.describe("session names of this run"),
  burstMinutes: z.number().positive().default(10),
  burstRevokes: z.number().int().positive().default(10),
  burstDeletes: z.number().int().positive().default(100),
  burstDenials: z.number().int().positive().default(10),
  burstSignIns: z.number().int().positive().default(5),
});

/** See {@link auditSettingsSchema}; as a caller writes them. */
export type AuditSettings = z.input<typeof auditSettingsSchema>;

/** The settings that are lists. */
export type ListName = {
  [K in keyof Complete]-?: NonNullable<Complete[K]> extends readonly string[] ? K : never;
}[keyof Complete];
type Complete = z.output<typeof auditSettingsSchema>;

/** Settings made ready for rules: lists that answer quickly. */
export interface Settings extends Readonly<Omit<Complete, ListName>> {
  readonly lists: Readonly<Record<ListName, NameList>>;
}

/** A list of names and globs. */
export interface NameList {
  /** False where the settings leave the list out. */
  readonly isKnown: boolean;
  /** The names as they are written. */
  readonly names: readonly string[];
  has(text: string): boolean;
  /** Whether a principal is in it, under its ARN or its bare name. */
  hasPrincipal(principal: string): boolean;
}

/** Fills in defaults and makes the lists ready. */
export function prepareSettings(settings: AuditSettings): Settings {
  const complete = auditSettingsSchema.parse(settings);
  const isList = (key: string) => !(key in scalars);
  const lists = Object.keys(auditSettingsSchema.shape)
    .filter(isList)
    .map((key) => [key, makeList(complete[key as ListName])] as const);
  return { ...complete, lists: Object.fromEntries(lists) as Record<ListName, NameList> };
}

const scalars: Record<Exclude<keyof Complete, ListName>, true> = {
  account: true,
  kmsRequired: true,
  minimumExpiryDays: true,
  maximumScanBytes: true,
  burstMinutes: true,
  burstRevokes: true,
  burstDeletes: true,
  burstDenials: true,
  burstSignIns: true,
};

/** Most names one list remembers its answers for; there are few principals and buckets, but a record can name any. */
const remembered = 10_000;

function makeList(given: readonly string[] | undefined): NameList {
  const written = given ?? [];
  const exact = new Set(written.filter((name) => !name.includes("*")));
  const globs = written.filter((name) => name.includes("*")).map(makeGlob);
  const answers = new Map<string, boolean>();
  const has = (text: string): boolean => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const answer = exact.has(text) || globs.some((matches) => matches(text));
    if (answers.size >= remembered) answers.clear();
    answers.set(text, answer);
    return answer;
  };
  return {
    isKnown: given !== undefined,
    names: written,
    has,
    hasPrincipal: (principal) => has(principal) || namesOf(principal).some(has),
  };
}

/** A test for a glob in which `*` stands for any text; greedy from the left, so that no text makes it slow. */
export function makeGlob(glob: string): (text: string) => boolean {
  const [first = "", ...rest] = glob.split(/\*+/);
  const last = rest.pop();
  if (last === undefined) return (text) => text === glob;
  return (text) => {
    if (!text.startsWith(first)) return false;
    let at = first.length;
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return text.length - last.length >= at && text.endsWith(last);
  };
}
