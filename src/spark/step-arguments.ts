/** What spark-submit is told. */
export interface SparkSubmit {
  readonly name: string;
  /** `s3://…` of the script. */
  readonly script: string;
  readonly arguments: readonly string[];
  readonly conf: Readonly<Record<string, string>>;
}

/**
 * The arguments of command-runner.jar for a Spark job.
 *
 * The driver runs in client mode, on the primary node: only then are the step's stdout and stderr the driver's own, so
 * that a failure can be explained by its traceback. In cluster mode they hold YARN's report, and the driver's log is in
 * a container that only YARN knows.
 */
export function sparkSubmitArguments(job: SparkSubmit): string[] {
  const conf = Object.entries(job.conf).flatMap(([key, value]) => ["--conf", `${key}=${value}`]);
  const submit = ["spark-submit", "--deploy-mode", "client", "--name", job.name];
  return [...submit, ...conf, job.script, ...job.arguments];
}
