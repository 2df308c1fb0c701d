import { z } from "zod";
import { LakeError, type Place } from "../core/index.ts";
import type { LocalLake } from "./lake-state.ts";

/** What can befall a call; local-lake/BEHAVIOUR.md says what a client sees of each. */
export const faultKinds = [
  "throttling",
  "internal-error",
  "unavailable",
  "access-denied",
  "expired-token",
  "reset",
  "truncated",
  "lost-answer",
  "delay",
] as const;

/** The most that a rule can delay an answer, in milliseconds. */
const longestDelay = 600_000;

/**
 * Which calls to the local lake a fault befalls, and how. What only the local lake can tell, such as whether a service
 * has the operation, it tells when the rule is sent.
 */
export const faultRuleSchema = z.strictObject({
  /** The AWS CLI's name of a service, or `*`. */
  service: z.string().min(1),
  kind: z.enum(faultKinds),
  /** The API's name or a glob. Default: all. */
  operation: z.string().min(1).optional(),
  /** A part of, or a glob for, the names in the request: `bucket/key`, a stack's or crawler's name. Default: all. */
  resource: z.string().min(1).optional(),
  /** How often it hits. Default: until it is removed. */
  count: z.int().min(1).optional(),
  /** The share of calls that it hits, 0 to 1; `seed` decides which ones. Default: 1. */
  rate: z.number().min(0).max(1).optional(),
  seed: z.int().optional(),
  /** Milliseconds before anything else happens. Default: 0. */
  delay: z.int().min(0).max(longestDelay).optional(),
  /** Whether it hits the local lake's own calls too, such as CloudFormation's. Default: false. */
  internal: z.boolean().optional(),
});

/** See {@link faultRuleSchema}. */
export type FaultRule = z.infer<typeof faultRuleSchema>;

const faultSchema = z.object({
  id: z.int(),
  service: z.string(),
  kind: z.enum(faultKinds),
  operation: z.string(),
  resource: z.string().nullable(),
  count: z.int().nullable(),
  rate: z.number(),
  seed: z.int(),
  delay: z.int(),
  internal: z.boolean(),
  /** The calls that it was for. */
  matched: z.int(),
  /** Those of them that it befell. */
  hits: z.int(),
});

/** A rule in force. */
export type Fault = Readonly<z.infer<typeof faultSchema>>;

const answerSchema = z.object({ faults: z.array(faultSchema) });
const refusalSchema = z.object({
  error: z.string(),
  mistakes: z
    .array(z.object({ rule: z.int(), field: z.string().nullable(), message: z.string() }))
    .default([]),
});

/** Where a mistake is: which of the rules that were sent, from 0, and which of its fields. */
export type PlaceOfMistake = (path: readonly (string | number)[]) => Place | undefined;

/** Long enough for a machine whose processors are all busy with Spark. */
const answerTimeout = 10_000;

/**
 * Puts rules in force on a local lake, all or none; returns them with their numbers.
 *
 * `placeOf` leads a mistake back into the file that the rules come from.
 *
 * @throws LakeError `invalid-input` with every mistake of all rules; `local-lake-down`.
 */
export async function addFaults(
  lake: LocalLake,
  rules: readonly FaultRule[],
  signal: AbortSignal,
  placeOf: PlaceOfMistake = () => undefined,
): Promise<readonly Fault[]> {
  const request = { method: "POST", body: JSON.stringify(rules) };
  return ask(lake, "", request, signal, placeOf);
}

/** The rules in force on a local lake, in their order, and how often each hit. @throws LakeError `local-lake-down`. */
export async function listFaults(lake: LocalLake, signal: AbortSignal): Promise<readonly Fault[]> {
  return ask(lake, "", {}, signal);
}

/**
 * Takes all rules, or the one of number `id`, out of force; returns them.
 *
 * @throws LakeError `invalid-input` when there is no such rule; `local-lake-down`.
 */
export async function clearFaults(
  lake: LocalLake,
  id: number | undefined,
  signal: AbortSignal,
): Promise<readonly Fault[]> {
  return ask(lake, id === undefined ? "" : `?id=${id}`, { method: "DELETE" }, signal);
}

async function ask(
  { endpoint }: LocalLake,
  query: string,
  request: RequestInit,
  signal: AbortSignal,
  placeOf: PlaceOfMistake = () => undefined,
): Promise<readonly Fault[]> {
  const { status, body } = await send(`${endpoint}/_local-lake/faults${query}`, request, signal);
  const answer = answerSchema.safeParse(body);
  if (answer.success) return answer.data.faults;
  const refusal = refusalSchema.safeParse(body).data;
  if (refusal === undefined) {
    throw new LakeError("local-lake-down", `${endpoint} answered ${status} with what no local lake says`, {
      hint: "Run `datalake local stop`, then `datalake local start`.",
    });
  }
  throw refusalError(refusal, placeOf);
}

async function send(
  url: string,
  request: RequestInit,
  signal: AbortSignal,
): Promise<{ status: number; body: unknown }> {
  try {
    const timeout = AbortSignal.timeout(answerTimeout);
    const response = await fetch(url, { ...request, signal: AbortSignal.any([signal, timeout]) });
    return { status: response.status, body: await response.json() };
  } catch (cause) {
    signal.throwIfAborted();
    throw new LakeError("local-lake-down", `${url} does not answer as a local lake does`, {
      hint: "See why with `datalake local logs`.",
      cause,
    });
  }
}

function refusalError(
  { error, mistakes }: z.infer<typeof refusalSchema>,
  placeOf: PlaceOfMistake,
): LakeError {
  const found = mistakes.map(({ rule, field, message }) => ({
    message,
    place: placeOf(field === null ? [rule] : [rule, field]),
  }));
  const message = found.length > 1 ? `${found.length} mistakes in the rules` : error;
  return new LakeError("invalid-input", message, { mistakes: found, place: found[0]?.place });
}
