/**
 * The whole lake from nothing to answers on a local lake that runs already, beside bare spark-submit of the same job on
 * the same files: `node bench/pipeline.ts`. DATALAKE_PYTHON and PYSPARK_PYTHON name the Python of the local
 * lake.
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
const bare =
  python === undefined
    ? undefined
    : await measure(
        join(dirname(python), "spark-submit"),
        [
          ...[
            "--master",
            "local[2]",
            "--conf",
            "spark.driver.host=127.0.0.1",
            "--conf",
            "spark.ui.enabled=false",
          ],
          ...["jobs/ecommerce_analytics.py", "--raw", `file://${bed.folder}/bare/`],
          ...[
            "--clean",
            `file://${bed.folder}/bare/clean/`,
            "--analytics",
            `file://${bed.folder}/bare/analytics/`,
          ],
        ],
        bed.folder,
      );
console.table({
  "deploy and pipeline, s": whole.seconds.toFixed(1),
  "of it the Spark job, s": spark.toFixed(1),
  "all but Spark, s": (whole.seconds - spark).toFixed(1),
  "peak memory of all, MB": whole.megabytes.toFixed(0),
  "deploy with nothing to do, s": again.seconds.toFixed(1),
  "bare spark-submit, s": bare?.seconds.toFixed(1) ?? "not run: DATALAKE_PYTHON is not set",
  "Spark job / bare spark-submit": bare === undefined ? "" : (spark / bare.seconds).toFixed(2),
});
