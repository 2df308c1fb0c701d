import type { Command } from "commander";
import { declare, parseInputs, parseInteger, type Values } from "../src/core/index.ts";
import {
  addFaults,
  clearFaults,
  faultKinds,
  listFaults,
  readFaultFile,
  requireLocalLake,
  type Fault,
  type LocalLake,
} from "../src/local/index.ts";
import { table } from "../src/report/index.ts";
import type { VerbResult } from "../src/verbs/index.ts";
import { addInputs } from "./commands.ts";
import { makeLocalResult } from "./local-result.ts";
import { tellRun, type RunContext } from "./run-verb.ts";

type Options = Readonly<Record<string, string | boolean | undefined>>;

const ruleInputs = declare({
  service: {
    kind: "text",
    required: true,
    description: "the AWS CLI's name of the service: glue, s3, emr; * is all",
  },
  kind: { kind: "text", required: true, choices: faultKinds, description: "what befalls the calls" },
  operation: { kind: "text", description: "the operation or a glob: StartCrawler, Get* (default: all)" },
  resource: {
    kind: "text",
    description: "a part of the name, or a glob: a crawler, a stack, bucket/key (default: all)",
  },
  count: { kind: "integer", description: "how often (default: until it is cleared)" },
  rate: { kind: "share", description: "which share of the calls: 0.3 or 30% (default: all)" },
  seed: { kind: "integer", description: "decides which calls the rate hits; the same ones each time" },
  delay: { kind: "integer", description: "milliseconds before anything else happens" },
  internal: {
    kind: "flag",
    default: "false",
    description: "hit calls that CloudFormation, crawlers and Athena make too",
  },
});

/** Adds `datalake local fault add|list|clear|load`, for the local lake of `directory`. */
export function addFaultCommands(local: Command, directory: string): void {
  const fault = local
    .command("fault")
    .description("let its answers fail: rehearse throttling, denials and cut connections");
  const add = fault.command("add").description("put a rule in force");
  withWork(addInputs(add, ruleInputs), directory, (lake, { signal }, options) =>
    addRule(lake, readRule(options), signal),
  );
  withWork(
    fault.command("list").description("the rules in force, and how often each hit"),
    directory,
    async (lake, { signal }) => describeFaults("fault list", await listFaults(lake, signal), "in force"),
  );
  withWork(
    fault.command("clear").description("take all rules, or one, out of force").argument("[number]"),
    directory,
    async (lake, { signal }, _, number) => {
      const id = number === undefined ? undefined : parseInteger(number);
      return describeFaults("fault clear", await clearFaults(lake, id, signal), "taken out of force");
    },
  );
  withWork(
    fault.command("load").description("put the rules of a YAML or JSON list in force").argument("<file>"),
    directory,
    async (lake, { signal }, _, file = "") => {
      const { rules, placeOf } = await readFaultFile(file);
      return describeFaults("fault load", await addFaults(lake, rules, signal, placeOf), "put in force");
    },
  );
}

type Work = (
  lake: LocalLake,
  context: RunContext,
  options: Options,
  argument: string | undefined,
) => Promise<VerbResult>;

/** Makes a command run `work` at the local lake that runs for `directory`. */
function withWork(command: Command, directory: string, work: Work): void {
  command.option("--json", "one JSON result on stdout, nothing else there");
  command.action(async () => {
    const options = command.opts<Options>();
    process.exitCode = await tellRun({ json: options["json"] === true }, process.env, async (context) => {
      const lake = await requireLocalLake(directory, context.signal);
      return work(lake, context, options, command.args[0]);
    });
  });
}

function readRule(options: Options): Values<typeof ruleInputs> {
  const given = Object.keys(ruleInputs).map((name) => [name, options[name]?.toString()] as const);
  return parseInputs(ruleInputs, Object.fromEntries(given));
}

async function addRule(
  lake: LocalLake,
  rule: Values<typeof ruleInputs>,
  signal: AbortSignal,
): Promise<VerbResult> {
  return describeFaults("fault add", await addFaults(lake, [rule], signal), "put in force");
}

function describeFaults(verb: string, faults: readonly Fault[], done: string): VerbResult {
  const rows = faults.map((fault) => [
    String(fault.id),
    fault.delay === 0 || fault.kind === "delay" ? fault.kind : `${fault.kind} after ${fault.delay} ms`,
    `${fault.service}:${fault.operation}${fault.internal ? ", internal too" : ""}`,
    fault.resource ?? "",
    describeFrequency(fault),
    String(fault.matched),
    String(fault.hits),
  ]);
  const columns = [">rule", "kind", "calls", "resource", "how often", ">matched", ">hits"];
  const sections = faults.length === 0 ? [] : [table("", columns, rows)];
  const headline = `${faults.length === 1 ? "1 rule" : `${faults.length} rules`} ${done}`;
  return makeLocalResult(verb, headline, { faults }, sections);
}

function describeFrequency({ count, rate, seed, hits }: Fault): string {
  const times = count === null ? "always" : count === 1 ? "once" : `${count} times`;
  const share = rate === 1 ? "" : ` at ${Math.round(rate * 1000) / 10}% of calls (seed ${seed})`;
  return `${times}${share}${count !== null && hits >= count ? ", spent" : ""}`;
}
