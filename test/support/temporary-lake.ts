import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

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
