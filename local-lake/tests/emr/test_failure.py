"""Why a step failed, read from what drivers write."""

from __future__ import annotations

import pytest

from local_lake.emr.failure import Failure, explain_failure

NOISE = "24/01/01 00:00:00 INFO ShutdownHookManager: Shutdown hook called\n"
PLACE = " (job.py, line 5)"
AGAIN = "\n\nDuring handling of the above exception, another exception occurred:\n\n"
PYTHON = """hello
Traceback (most recent call last):
  File "s3://b/jobs/job.py", line 9, in <module>
    main()
  File "s3://b/jobs/job.py", line 5, in main
    spark.read.parquet("s3://b/x")
  File "/lib/pyspark.zip/pyspark/sql/readwriter.py", line 544, in parquet
"""
JAVA_SIDE = """py4j.protocol.Py4JJavaError: An error occurred while calling o45.save.
: org.apache.spark.SparkException: Job aborted.
\tat org.apache.spark.sql.X.run(X.scala:1)
Caused by: org.apache.spark.SparkException: Task failed while writing rows.
\tat org.apache.spark.Y.run(Y.scala:1)
Caused by: java.io.IOException: No space left on device
\tat java.io.FileOutputStream.writeBytes(Native Method)
"""


@pytest.mark.parametrize(
    ("stdout", "stderr", "message", "log"),
    [
        (
            f"{PYTHON}ValueError: no such thing\n",
            NOISE,
            f"ValueError: no such thing{PLACE}",
            "stdout",
        ),
        (f"{PYTHON}KeyError: 'a'\n\nlater output\n", NOISE, f"KeyError: 'a'{PLACE}", "stdout"),
        (f"{PYTHON}KeyboardInterrupt\n", NOISE, "KeyboardInterrupt (job.py, line 5)", "stdout"),
        (
            PYTHON + JAVA_SIDE,
            NOISE,
            f"java.io.IOException: No space left on device{PLACE}",
            "stdout",
        ),
        (
            f"{PYTHON}ValueError: first{AGAIN}{PYTHON}RuntimeError: second\n",
            NOISE,
            "RuntimeError: second (job.py, line 5)",
            "stdout",
        ),
        (
            "",
            f'Exception in thread "main" org.apache.spark.SparkException: Failed to load class x.Y.\n{NOISE}',
            "org.apache.spark.SparkException: Failed to load class x.Y.",
            "stderr",
        ),
        (
            "ok\n",
            f"Error: Missing application resource.\n{NOISE}",
            "Error: Missing application resource.",
            "stderr",
        ),
        ("JobError: too many rejected rows\n", NOISE, "JobError: too many rejected rows", "stdout"),
        ("", NOISE, "spark-submit ended with exit code 3.", "stderr"),
    ],
)
def test_the_deepest_error_is_told(stdout: str, stderr: str, message: str, log: str) -> None:
    assert explain_failure(stdout, stderr, 3, "s3://b/jobs/job.py") == Failure(message, log)
