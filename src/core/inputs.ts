import { LakeError, messageOf, type Mistake } from "./errors.ts";
import {
  parseBoolean,
  parseDuration,
  parseInteger,
  parseLines,
  parseList,
  parseMap,
  parseShare,
} from "./parsers.ts";

const parserOf = {
  text: (raw: string) => raw,
  path: (raw: string) => raw,
  flag: parseBoolean,
  integer: parseInteger,
  share: parseShare,
  duration: parseDuration,
  list: parseList,
  lines: parseLines,
  map: parseMap,
} as const;

/** The kinds of value an input can have. `duration` is in milliseconds once parsed, `share` between 0 and 1. */
export type InputKind = keyof typeof parserOf;

/** One input of a verb, declared once: action.yml, README tables, CLI flags and parsing all come from it. */
export interface Input {
  readonly kind: InputKind;
  readonly description: string;
  /** As a user would write it. Without a default and not required, the input may be absent. */
  readonly default?: string;
  readonly required?: boolean;
  readonly choices?: readonly string[];
  /** Given on the command line with no flag, by position. */
  readonly positional?: boolean;
}

/** The inputs of one verb, by their kebab-case names. */
export type Inputs = Readonly<Record<string, Input>>;

type Present = { readonly default: string } | { readonly required: true };
type ValueOf<I extends Input> = I extends { readonly choices: readonly (infer C)[] }
  ? C
  : ReturnType<(typeof parserOf)[I["kind"]]>;

/** What {@link parseInputs} makes of declared inputs: absent ones without a default are undefined. */
export type Values<T extends Inputs> = {
  readonly [K in keyof T]: T[K] extends Present ? ValueOf<T[K]> : ValueOf<T[K]> | undefined;
};

/** Keeps the literal types of a declaration. */
export function declare<const T extends Inputs>(inputs: T): T {
  return inputs;
}

/**
 * Parses raw texts by their declaration; a blank text counts as not given.
 *
 * @throws LakeError `invalid-input` with every mistake at once, each naming the input, its value and what is allowed.
 */
export function parseInputs<T extends Inputs>(
  inputs: T,
  raw: Readonly<Record<string, string | undefined>>,
): Values<T> {
  const mistakes: Mistake[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, input] of Object.entries(inputs)) {
    try {
      values[name] = parseInput(input, raw[name]);
    } catch (error) {
      mistakes.push({ message: `${name}: ${messageOf(error)}` });
    }
  }
  for (const name of Object.keys(raw)) {
    if (!Object.hasOwn(inputs, name)) mistakes.push({ message: `${name}: there is no such input` });
  }
  if (mistakes.length > 0) throw inputError(mistakes);
  return values as Values<T>;
}

function parseInput(input: Input, given: string | undefined): unknown {
  const text = given === undefined || given.trim() === "" ? input.default : given;
  if (text === undefined) {
    if (input.required === true) throw new LakeError("invalid-input", "is required and was not given");
    return undefined;
  }
  if (input.choices && !input.choices.includes(text)) {
    throw new LakeError("invalid-input", `"${text}" is not allowed; allowed are ${input.choices.join(", ")}`);
  }
  return parserOf[input.kind](text);
}

function inputError(mistakes: readonly Mistake[]): LakeError {
  const [only] = mistakes;
  const message = mistakes.length === 1 && only ? only.message : `${mistakes.length} inputs are wrong`;
  return new LakeError("invalid-input", message, { mistakes });
}
