import { Command, Option } from "commander";
import type { Input, Inputs } from "../src/core/index.ts";
import { commonInputs, type VerbName } from "../src/verbs/index.ts";
import type { CommonOptions } from "./settings.ts";

/** What commander hands to an action: the positional arguments, then options, then the command. */
type Parsed = Record<string, string | boolean | string[] | undefined>;

/** Adds the options that every verb has. */
export function addCommonOptions(command: Command): Command {
  const { environment, lake, region, parameters } = commonInputs;
  return command
    .option("-e, --environment <name>", describe(environment))
    .option("--lake <file>", describe(lake))
    .option("--region <region>", describe(region))
    .option("--parameter <layer.Name=value...>", describe(parameters))
    .option("--local", "at the local lake instead of AWS")
    .option("--json", "one JSON result on stdout, nothing else there")
    .option("--trace <file>", "write every step and AWS call as a trace that Perfetto opens");
}

/** Adds a verb's own inputs, by their declaration: positional ones as arguments, the others as flags. */
export function addInputs(command: Command, inputs: Inputs): Command {
  for (const [name, input] of Object.entries(inputs)) {
    if (input.positional === true) {
      const word = input.kind === "list" || input.kind === "lines" ? `${name}...` : name;
      command.argument(input.required === true ? `<${word}>` : `[${word}]`, describe(input));
    } else {
      command.addOption(makeOption(name, input));
    }
  }
  return command;
}

function makeOption(name: string, input: Input): Option {
  const flag = input.kind === "flag" ? `--${name}` : `--${name} <${placeholders[input.kind]}>`;
  const option = new Option(flag, describe(input));
  return input.choices ? option.choices([...input.choices]) : option;
}

const placeholders: Readonly<Record<Exclude<Input["kind"], "flag">, string>> = {
  text: "text",
  path: "path",
  integer: "number",
  share: "share",
  duration: "time",
  list: "a,b",
  lines: "text",
  map: "key=value",
};

function describe(input: Input): string {
  const usual = input.default === undefined || input.kind === "flag" ? "" : ` (default: ${input.default})`;
  return `${input.description}${usual}`;
}

/** The texts of a verb's inputs as they were typed, and the options that every verb has. */
export function readInputs(
  inputs: Inputs,
  positional: readonly unknown[],
  parsed: Parsed,
): { options: CommonOptions; raw: Record<string, string | undefined> } {
  const raw: Record<string, string | undefined> = {};
  const names = Object.keys(inputs).filter((name) => inputs[name]?.positional === true);
  names.forEach((name, at) => {
    raw[name] = toText(positional[at]);
  });
  for (const name of Object.keys(inputs).filter((each) => !names.includes(each))) {
    raw[name] = toText(parsed[toCamel(name)]);
  }
  const { environment, lake, region, parameter } = parsed;
  const common = { environment, lake, region, parameters: parameter };
  for (const [name, value] of Object.entries(common)) raw[name] = toText(value);
  return { options: parsed, raw };
}

function toText(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value.join("\n");
  return typeof value === "string" ? value : JSON.stringify(value);
}

function toCamel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** What the short forms `datalake <group> <verb>` and `datalake layer <name> <verb>` stand for. */
export const shortForms = {
  validate: "validate",
  plan: "plan",
  deploy: "deploy",
  status: "status",
  destroy: "destroy",
  cleanup: "destroy",
} as const satisfies Record<string, VerbName>;
