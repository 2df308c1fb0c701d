/**
 * The whole lake from nothing to answers on a local lake that runs already, beside bare spark-submit of the same job on
 * the same files, with Spark's own defaults and with as few shuffle partitions as the local lake gives a small job:
 * `node bench/pipeline.ts`. DATALAKE_PYTHON and PYSPARK_PYTHON name the Python of the local lake.
 */
import { cp } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeBed, measure } from "./bed.ts";

interface Answer {
  readonly timings: readonly { name: string; group: string; start: number; milliseconds: number }[];
}

await using bed = await makeBed();
const whole = await bed.datalake("deploy", "--full", "--local", "--json");
const again = await bed.datalake(
  "deploy",
  "--local",
  "--group",
  "infrastructure,catalog,compute,monitoring",
  "--json",
);
const { timings } = JSON.parse(whole.stdout) as Answer;
const spark =
  timings.filter(({ group }) => group === "submit").reduce((sum, { milliseconds }) => sum + milliseconds, 0) /
  1000;

await cp(join(bed.folder, "sample-data"), join(bed.folder, "bare/landing/ecommerce"), { recursive: true });
const python = process.env["DATALAKE_PYTHON"];
const bareRun = async (...settings: string[]) => {
  if (python === undefined) return undefined;
  const conf = ["spark.driver.host=127.0.0.1", "spark.ui.enabled=false", ...settings];
  const zone = (name: string) => [`--${name}`, `file://${bed.folder}/bare/${name === "raw" ? "" : name}`];
  const words = [
    ...["--master", "local[2]", ...conf.flatMap((one) => ["--conf", one])],
    ...["jobs/ecommerce_analytics.py", ...["raw", "clean", "analytics"].flatMap(zone)],
  ];
  return measure(join(dirname(python), "spark-submit"), words, bed.folder);
};
const bare = await bareRun();
const tuned = await bareRun("spark.sql.shuffle.partitions=4");
const notRun = "not run: DATALAKE_PYTHON is not set";
console.table({
  "deploy and pipeline, s": whole.seconds.toFixed(1),
  "of it the Spark job, s": spark.toFixed(1),
  "all but Spark, s": (whole.seconds - spark).toFixed(1),
  "peak memory of all, MB": whole.megabytes.toFixed(0),
  "deploy with nothing to do, s": again.seconds.toFixed(1),
  "bare spark-submit, its defaults, s": bare?.seconds.toFixed(1) ?? notRun,
  "bare spark-submit, 4 shuffle partitions, s": tuned?.seconds.toFixed(1) ?? notRun,
  "Spark job / bare, its defaults": bare === undefined ? "" : (spark / bare.seconds).toFixed(2),
  "Spark job / bare, 4 shuffle partitions": tuned === undefined ? "" : (spark / tuned.seconds).toFixed(2),
});
