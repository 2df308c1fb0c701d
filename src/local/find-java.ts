import { join } from "node:path";
import { runProgram, type ProgramOptions } from "./run-program.ts";

/** The only major version accepted: Spark 3.5 runs on 8, 11 and 17, Spark 4 on 17 and 21. */
const javaVersion = 17;

/**
 * The home of a Java 17: of `JAVA_HOME` if that is one, else of the `java` on PATH; undefined where neither is.
 */
export async function findJavaHome(options: ProgramOptions): Promise<string | undefined> {
  const { JAVA_HOME: named } = options.variables;
  for (const command of [...(named ? [join(named, "bin", "java")] : []), "java"]) {
    const settings = await askJava(command, options);
    if (settings?.version === javaVersion) return settings.home;
  }
  return undefined;
}

/** The major version and home that `java -XshowSettings:properties -version` tells, or undefined for other texts. */
export function parseJavaSettings(
  lines: readonly string[],
): { readonly version: number; readonly home: string } | undefined {
  const properties = new Map(
    lines.map((line) => line.split(" = ")).map(([name = "", value = ""]) => [name.trim(), value.trim()]),
  );
  const home = properties.get("java.home");
  // Java 8 calls itself 1.8, and its runtime is a folder `jre` of the home.
  const match = /^(?:1\.)?(\d+)/.exec(properties.get("java.specification.version") ?? "");
  return match && home ? { version: Number(match[1]), home } : undefined;
}

async function askJava(command: string, options: ProgramOptions) {
  try {
    const { lines } = await runProgram(command, ["-XshowSettings:properties", "-version"], options);
    return parseJavaSettings(lines);
  } catch {
    options.signal.throwIfAborted();
    return undefined;
  }
}
