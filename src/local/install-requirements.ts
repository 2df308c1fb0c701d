import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { countOf, LakeError, type StepReporter } from "../core/index.ts";
import { countPackages, requirementsFile, type RequirementSet } from "./requirements.ts";
import { runProgram, type Variables } from "./run-program.ts";

/** Where and what {@link installRequirements} installs. */
export interface Installation {
  /** The lake's `.datalake`, for pip's log. */
  readonly home: string;
  /** The Python of the virtual environment. */
  readonly python: string;
  readonly sets: readonly RequirementSet[];
  readonly variables: Variables;
}

/**
 * Installs the sets with one call of pip, which accepts only files of the recorded hashes, and tells its progress.
 *
 * @throws LakeError `local-lake-setup` with pip's first error.
 */
export async function installRequirements(installation: Installation, step: StepReporter): Promise<void> {
  const { home, python, sets, variables } = installation;
  const follow = followPip(step, await countPackages(sets));
  const files = sets.flatMap((set) => ["--requirement", requirementsFile(set)]);
  // Compiling every module ahead would cost more time and disk (160 MB) than the few that are used cost later.
  const { code, lines } = await runProgram(
    python,
    [
      "-I",
      "-m",
      "pip",
      "install",
      "--require-hashes",
      "--no-compile",
      "--no-input",
      "--disable-pip-version-check",
      ...files,
    ],
    { variables, signal: step.signal, onLine: follow },
  );
  const log = join(home, "pip.log");
  await writeFile(log, `${lines.join("\n")}\n`);
  if (code === 0) return;
  const error =
    lines.find((line) => line.startsWith("ERROR:"))?.slice("ERROR:".length) ?? `exit code ${code}`;
  throw new LakeError(
    "local-lake-setup",
    `pip could not install the local lake's packages: ${error.trim()}`,
    {
      hint: `Check the network and the disk, then run the same command again; all that pip said is in ${log}.`,
    },
  );
}

/** Turns pip's lines into progress; a package counts once it is being collected. */
function followPip(step: StepReporter, total: number): (line: string) => void {
  const seen = new Set<string>();
  return (line) => {
    const [, name] = /^\s*(?:Collecting|Requirement already satisfied:) ([\w.-]+)/.exec(line) ?? [];
    const counts = () => ({ done: Math.min(seen.size, total), total });
    if (name !== undefined) {
      seen.add(name);
      step.progress(`downloading ${name}`, counts());
    } else if (line.startsWith("Building wheels")) {
      step.progress("building Spark's package", counts());
    } else if (line.startsWith("Installing collected packages")) {
      step.progress(`unpacking ${countOf(line.split(",").length, "package")}`, counts());
    }
  };
}
