import { accountsNamed, isPublic, readPolicy, type AllowStatement } from "./policy.ts";
import { accountOf, bucketOf, isServiceActor } from "./principals.ts";
import type { AuditRecord } from "./record.ts";
import type { Answer, Condition, Test } from "./rule.ts";
import type { ListName, Settings } from "./settings.ts";
import { textsAt, valuesAt } from "./values.ts";

/** A question about the request's parameters; unknown where CloudTrail left them out. */
export function parameters(
  says: string,
  ask: (parameters: Readonly<Record<string, unknown>>, record: AuditRecord, settings: Settings) => Answer,
): Test {
  return {
    says,
    holds: (record, settings) =>
      record.parameters === undefined ? undefined : ask(record.parameters, record, settings),
  };
}

/** One of the texts at `path` is one of `wanted`. */
export function is(path: string, ...wanted: readonly string[]): Test {
  return parameters(`${path} is ${wanted.join(" or ")}`, (given) =>
    textsAt(given, path).some((text) => wanted.includes(text)),
  );
}

/** There is a text at `path`, and none of them is `wanted`. */
export function isOther(path: string, wanted: string): Test {
  return parameters(`${path} is something other than ${wanted}`, (given) => {
    const texts = textsAt(given, path);
    return texts.length > 0 && !texts.includes(wanted);
  });
}

/** There is a value at `path` that is not empty. */
export function has(path: string): Test {
  return parameters(`there is ${path}`, (given) => valuesAt(given, path).some((value) => value !== ""));
}

/** There is nothing at `path`. */
export function lacks(path: string): Condition {
  return { no: has(path) };
}

/** Something at `path` is not in the list; unknown where the settings have no such list. */
export function isUnlisted(path: string, list: ListName, textOf: (text: string) => string = same): Test {
  return parameters(`${path} is not among ${list}`, (given, _record, settings) => {
    const texts = textsAt(given, path).map(textOf);
    if (texts.length === 0) return false;
    const known = settings.lists[list];
    return known.isKnown ? texts.some((text) => !known.hasPrincipal(text)) : undefined;
  });
}

const same = (text: string): string => text;

/** A place at `path` is in a bucket that is not in the list. */
export function isOutside(path: string, list: ListName): Test {
  return isUnlisted(path, list, bucketOf);
}

/** What is named at one of `paths` belongs to the lake; everything does where the settings do not say what the lake is. */
export function belongs(list: ListName, ...paths: readonly string[]): Test {
  return {
    says: `it is among ${list}`,
    holds: ({ parameters: given, resources }, settings) => {
      const known = settings.lists[list];
      if (!known.isKnown) return true;
      if (given === undefined && resources.length === 0) return undefined;
      const texts = [...paths.flatMap((path) => textsAt(given, path)), ...resources.map(({ arn }) => arn)];
      return texts.some((text) => known.has(text) || known.has(bucketOf(text)) || known.hasPrincipal(text));
    },
  };
}

/** Whether a principal is of another account that is not trusted; unknown where the own account is. */
export function isExternal(principal: string, record: AuditRecord, settings: Settings): Answer {
  const account = accountOf(principal);
  if (account === undefined) return false;
  const trusted = settings.lists.accounts;
  if (trusted.has(account) || trusted.has(principal)) return false;
  const own = settings.account ?? record.account;
  return own === undefined ? undefined : account !== own;
}

/** One of the principals at `path` is of another account that is not trusted. */
export function isForeign(path: string): Test {
  return parameters(`${path} is of another account`, (given, record, settings) =>
    someAnswer(textsAt(given, path), (text) => isExternal(text, record, settings)),
  );
}

/** The policy at the first of `paths` that holds one has a statement that `ask` is true for; unknown where none can be read. */
export function policyAt(
  paths: readonly string[],
  says: string,
  ask: (statement: AllowStatement, record: AuditRecord, settings: Settings) => Answer,
): Test {
  return parameters(says, (given, record, settings) => {
    const values = paths.flatMap((path) => valuesAt(given, path)).filter((value) => value !== "");
    if (values.length === 0) return false;
    const policy = values.map(readPolicy).find((each) => each !== undefined);
    if (policy === undefined) return undefined;
    return someAnswer(policy, (statement) => ask(statement, record, settings));
  });
}

/** The policy at one of `paths` lets anybody in. */
export function opensToAll(...paths: readonly string[]): Test {
  return policyAt(paths, "the policy lets anybody in", isPublic);
}

/** The policy at one of `paths` lets in an account that is not trusted. */
export function opensToOthers(...paths: readonly string[]): Test {
  return policyAt(paths, "the policy lets in another account", (statement, record, settings) =>
    someAnswer(accountsNamed(statement), (account) => isExternal(account, record, settings)),
  );
}

/** The caller is in one of the lists; unknown where the settings have none of them. */
export function calledBy(...lists: readonly ListName[]): Test {
  return {
    says: `the caller is among ${lists.join(" and ")}`,
    holds: ({ principal }, settings) => {
      const known = lists.map((list) => settings.lists[list]).filter(({ isKnown }) => isKnown);
      if (known.length === 0) return undefined;
      return known.some((list) => list.hasPrincipal(principal.actor));
    },
  };
}

/** AWS itself calls. */
export const calledByAws: Test = {
  says: "AWS itself calls",
  holds: ({ principal }) => isServiceActor(principal),
};

/** True if one is, else unknown if one is. */
export function someAnswer<T>(values: readonly T[], ask: (value: T) => Answer): Answer {
  let answer: Answer = false;
  for (const value of values) {
    const one = ask(value);
    if (one === true) return true;
    if (one === undefined) answer = undefined;
  }
  return answer;
}
