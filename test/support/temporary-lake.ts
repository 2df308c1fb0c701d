import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { region, uniqueName } from "./local-lake.ts";

/** A folder with files in it, gone when the test is over. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  /** Writes a file, making its folders. */
  write(file: string, text: string): Promise<void>;
}

/** Makes a folder with these files: names to texts. */
export async function makeFolder(files: Readonly<Record<string, string>>): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), "datalake-test-"));
  const write = async (file: string, text: string) => {
    await mkdir(dirname(join(path, file)), { recursive: true });
    await writeFile(join(path, file), text);
  };
  for (const [file, text] of Object.entries(files)) await write(file, text);
  return {
    path,
    write,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/** A small lake in a temporary folder. */
export interface SmallLake extends TemporaryFolder {
  readonly name: string;
}

/** What a small lake's file says beside its layers; each is text of YAML. */
export interface SmallLakeSettings {
  readonly name?: string;
  /** The settings of the environment dev. */
  readonly dev?: string;
  /** The folder that lake.yaml and the templates are in. */
  readonly folder?: string;
  /** More settings of a layer, by its name: `, scope: account`. */
  readonly more?: Readonly<Record<string, string>>;
}

/** Makes a lake with these layers, by their templates' texts: each is deployed from `<layer>.json`. */
export async function makeSmallLake(
  templates: Readonly<Record<string, string>>,
  { name = uniqueName("small"), dev = "{}", folder = "", more = {} }: SmallLakeSettings = {},
): Promise<SmallLake> {
  const layers = Object.keys(templates).map(
    (layer) => `  ${layer}: { template: ${layer}.json${more[layer] ?? ""} }`,
  );
  const lake = [
    `name: ${name}`,
    `region: ${region}`,
    "environments:",
    `  dev: ${dev}`,
    "layers:",
    ...layers,
    "",
  ].join("\n");
  const files = Object.entries(templates).map(
    ([layer, text]) => [join(folder, `${layer}.json`), text] as const,
  );
  const made = await makeFolder({ ...Object.fromEntries(files), [join(folder, "lake.yaml")]: lake });
  return { ...made, name };
}

/** A template with one SSM parameter, which takes `parameters` and gives `outputs` (name to value). */
export function smallTemplate(
  parameters: readonly string[],
  outputs: Readonly<Record<string, string>>,
): string {
  return JSON.stringify({
    Parameters: Object.fromEntries(parameters.map((name) => [name, { Type: "String" }])),
    Resources: { Note: { Type: "AWS::SSM::Parameter", Properties: { Type: "String", Value: "here" } } },
    Outputs: Object.fromEntries(Object.entries(outputs).map(([name, Value]) => [name, { Value }])),
  });
}
