import { z } from "zod";
import { LakeError, type Mistake } from "../core/index.ts";
import { explainIssue, parseYamlSource, valueAt } from "../lake/index.ts";
import type { AuditFinding } from "./group-hits.ts";
import { rules } from "./rules.ts";
import { makeGlob } from "./settings.ts";

const glob = z.string().min(1);
const suppressionSchema = z.strictObject({
  rule: z.enum(rules.map(({ id }) => id)),
  principal: glob.optional(),
  resource: glob.optional(),
  owner: z.string().min(1),
  reason: z.string().optional(),
  expires: z.iso.date(),
});
const fileSchema = z.strictObject({ suppressions: z.array(suppressionSchema) });

/** A finding that somebody accepts, up to and with a day (UTC). Globs may hold `*`; what is left out matches all. */
export type Suppression = z.infer<typeof suppressionSchema>;

/**
 * Reads a suppressions file: `suppressions:`, a list of `rule`, `principal`, `resource`, `owner`, `reason` and `expires`.
 *
 * @throws LakeError `invalid-input` with all mistakes, each with its line.
 */
export function readSuppressions(file: string, text: string): Suppression[] {
  const source = parseYamlSource(file, text);
  const parsed = fileSchema.safeParse(source.value);
  if (source.mistakes.length === 0 && parsed.success) return parsed.data.suppressions;
  const mistakes: Mistake[] =
    source.mistakes.length > 0
      ? [...source.mistakes]
      : (parsed.error?.issues ?? []).map((issue) => ({
          message: explainIssue(issue, valueAt(source.value, issue.path)),
          place: source.place(issue.path) ?? { file, line: 1 },
        }));
  throw new LakeError("invalid-input", `the suppressions cannot be read: ${mistakes[0]?.message ?? ""}`, {
    hint: "Each needs a rule, an owner and a day it expires on (2026-12-31).",
    mistakes,
    place: mistakes[0]?.place,
  });
}

/** What became of the suppressions. */
export interface SuppressedFindings {
  /** All findings; those that somebody accepts say so. */
  readonly findings: readonly AuditFinding[];
  /** Suppressions whose day is over: they suppress nothing any more. */
  readonly expired: readonly Suppression[];
  /** Suppressions that no finding matches. */
  readonly unused: readonly Suppression[];
}

/** Marks the findings that a suppression accepts at the time `now`, milliseconds since the epoch. */
export function suppressFindings(
  findings: readonly AuditFinding[],
  suppressions: readonly Suppression[],
  now: number,
): SuppressedFindings {
  const endOf = ({ expires }: Suppression) => Date.parse(expires) + 86_400_000;
  const expired = suppressions.filter((each) => endOf(each) <= now);
  const alive = suppressions
    .filter((each) => endOf(each) > now)
    .map((suppression) => ({ suppression, matches: makeMatch(suppression) }));
  const used = new Set<Suppression>();
  const marked = findings.map((finding) => {
    const match = alive.find(({ matches }) => matches(finding));
    if (match === undefined) return finding;
    const { owner, reason, expires } = match.suppression;
    used.add(match.suppression);
    return { ...finding, suppressed: { owner, reason, expires } };
  });
  const unused = alive.map(({ suppression }) => suppression).filter((each) => !used.has(each));
  return { findings: marked, expired, unused };
}

function makeMatch({ rule, principal = "*", resource = "*" }: Suppression) {
  const isPrincipal = makeGlob(principal);
  const isResource = makeGlob(resource);
  return (finding: AuditFinding): boolean =>
    finding.rule === rule && isPrincipal(finding.principal) && isResource(finding.resource ?? "");
}
