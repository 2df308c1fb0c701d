import { Command, CommanderError } from "commander";
import { toLakeError } from "../src/core/index.ts";
import { loadVerb, verbNames, type Verb, type VerbName } from "../src/verbs/index.ts";
import { addCommonOptions, addInputs, readInputs, shortForms } from "./commands.ts";
import { addLocalCommands } from "./local-commands.ts";
import { renderError } from "./render-error.ts";
import { runCommandLine } from "./run-verb.ts";
import { isDebug, versionText } from "./settings.ts";
import { runStart } from "./start.ts";

const groups = ["infrastructure", "catalog", "compute", "monitoring"];

/** A command for one verb; `fixed` inputs are decided by a short form and cannot be typed. */
function makeCommand(word: string, verb: Verb, fixed: () => Record<string, string> = () => ({})): Command {
  const hidden = Object.keys(fixed());
  const inputs = Object.fromEntries(Object.entries(verb.inputs).filter(([name]) => !hidden.includes(name)));
  const command = addInputs(addCommonOptions(new Command(word).description(verb.summary)), inputs);
  return command.action(async (...given: unknown[]) => {
    const { options, raw } = readInputs(inputs, given, command.optsWithGlobals());
    process.exitCode = await runCommandLine(
      { verb: verb.name as VerbName, options, raw: { ...raw, ...fixed() } },
      process.env,
    );
  });
}

/** The verbs that the typed words can mean: loading one that is not needed costs its AWS clients' start-up time. */
function neededVerbs(word: string | undefined): readonly VerbName[] {
  const named = verbNames.find((name) => name === word);
  if (named) return [named];
  if (word === "layer" || (word !== undefined && groups.includes(word))) return Object.values(shortForms);
  return word === "local" || word === "start" || word === "version" ? [] : verbNames;
}

async function loadVerbs(names: readonly VerbName[]): Promise<Map<string, Verb>> {
  return new Map(await Promise.all(names.map(async (name) => [name, await loadVerb(name)] as const)));
}

function addGroupCommands(program: Command, verbs: ReadonlyMap<string, Verb>): void {
  for (const group of groups) {
    const command = new Command(group).description(`the layers of group ${group} alone`);
    for (const [word, name] of Object.entries(shortForms)) {
      const verb = verbs.get(name);
      if (verb && word !== "cleanup") command.addCommand(makeCommand(word, verb, () => ({ group })));
    }
    program.addCommand(command);
  }
}

function addLayerCommands(program: Command, verbs: ReadonlyMap<string, Verb>): void {
  const layer = new Command("layer")
    .description("one layer alone: datalake layer storage deploy")
    .usage("<name> validate|plan|deploy|status|cleanup [options]");
  for (const [word, name] of Object.entries(shortForms)) {
    const verb = verbs.get(name);
    if (verb) layer.addCommand(makeCommand(word, verb, () => ({ layers: layerName })));
  }
  program.addCommand(layer);
}

/** The layer's name comes before the verb (`layer storage deploy`), where commander knows only commands. */
let layerName = "";
function takeLayerName(words: readonly string[]): string[] {
  const at = words.indexOf("layer");
  const name = words[at + 1];
  if (at !== 0 || name === undefined || name.startsWith("-") || words.length < 3) return [...words];
  layerName = name;
  return words.filter((_, index) => index !== at + 1);
}

async function main(words: readonly string[]): Promise<void> {
  const verbs = await loadVerbs(neededVerbs(words[0]));
  const program = new Command("datalake")
    .description(
      "An AWS data lake from a pull request to a torn-down environment, on AWS or on this machine.",
    )
    .version(versionText, "-V, --version")
    .showHelpAfterError("run `datalake help` for the commands")
    .exitOverride();
  for (const verb of verbs.values()) program.addCommand(makeCommand(verb.name, verb));
  addGroupCommands(program, verbs);
  addLayerCommands(program, verbs);
  addLocalCommands(program);
  addCommonOptions(
    program.command("start").description("start the local lake, deploy everything on it, run the pipeline"),
  ).action(runStart);
  program
    .command("version")
    .description("print the version")
    .action(() => {
      process.stdout.write(`${versionText}\n`);
    });
  await program.parseAsync(takeLayerName(words), { from: "user" });
}

try {
  await main(process.argv.slice(2));
} catch (thrown) {
  if (thrown instanceof CommanderError) process.exitCode = thrown.exitCode;
  else {
    const error = toLakeError(thrown);
    process.stderr.write(renderError(error, isDebug(process.env)));
    process.exitCode = error.exitCode;
  }
}
