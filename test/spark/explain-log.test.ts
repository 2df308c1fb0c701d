import fc from "fast-check";
import { expect, test } from "vitest";
import { explainLog } from "../../src/spark/explain-log.ts";

const script = "s3://lake-analytics/emr/scripts/0123/job.py";

test("a traceback gives its exception and the last line of the user's script", () => {
  const log = `26/01/01 00:00:00 INFO SparkContext: Running Spark version 3.5.9
Traceback (most recent call last):
  File "/tmp/spark-1/job.py", line 40, in <module>
    main()
  File "/tmp/spark-1/job.py", line 31, in main
    clean(rows)
  File "/usr/lib/spark/python/pyspark/sql/dataframe.py", line 900, in filter
    raise ValueError("no rows in orders")
ValueError: no rows in orders
26/01/01 00:00:01 INFO ShutdownHookManager: Shutdown hook called
`;

  expect(explainLog(log, script)).toMatchObject({ message: "ValueError: no rows in orders", line: 31 });
  expect(explainLog(log, script)?.excerpt).toContain("line 31, in main\n    clean(rows)");
});

test("of several tracebacks the last one counts, which is what ended the job", () => {
  const log = `Traceback (most recent call last):
  File "/tmp/job.py", line 5, in read
KeyError: 'a'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/tmp/job.py", line 9, in main
RuntimeError: cannot read orders
`;

  expect(explainLog(log, script)).toMatchObject({ message: "RuntimeError: cannot read orders", line: 9 });
});

test("behind py4j's wrapper the deepest Java cause is told, at the user's line", () => {
  const log = `Traceback (most recent call last):
  File "/tmp/job.py", line 12, in <module>
    frame.write.parquet(target)
  File "/usr/lib/spark/python/lib/py4j-0.10.9.7-src.zip/py4j/protocol.py", line 326, in get_return_value
py4j.protocol.Py4JJavaError: An error occurred while calling o65.parquet.
: org.apache.spark.SparkException: Job aborted.
\tat org.apache.spark.sql.errors.QueryExecutionErrors$.jobAbortedError(QueryExecutionErrors.scala:651)
Caused by: org.apache.spark.SparkException: Task failed while writing rows.
\tat org.apache.spark.sql.Foo.bar(Foo.scala:1)
Caused by: java.lang.ArithmeticException: divide by zero
\tat org.apache.spark.sql.Foo.bar(Foo.scala:2)
\t... 12 more

`;

  expect(explainLog(log, script)).toMatchObject({
    message: "java.lang.ArithmeticException: divide by zero",
    line: 12,
  });
});

test("a captured exception is told with the line that says what it is, and a worker's own traceback is the last", () => {
  const analysis = `Traceback (most recent call last):
  File "/tmp/job.py", line 3, in <module>
pyspark.errors.exceptions.captured.AnalysisException: [PATH_NOT_FOUND] Path does not exist: s3://lake-raw/x.
`;
  const worker = `Traceback (most recent call last):
  File "/tmp/job.py", line 30, in <module>
pyspark.errors.exceptions.captured.PythonException: 
  An exception was thrown from the Python worker. Please see the stack trace below.
Traceback (most recent call last):
  File "/tmp/job.py", line 7, in parse
ZeroDivisionError: division by zero

`;

  expect(explainLog(analysis, script)?.message).toContain(
    "[PATH_NOT_FOUND] Path does not exist: s3://lake-raw/x.",
  );
  expect(explainLog(worker, script)).toMatchObject({
    message: "ZeroDivisionError: division by zero",
    line: 7,
  });
});

test("a script that does not parse has frames but no header", () => {
  const log = `  File "/tmp/spark-1/job.py", line 3
    def broken(:
               ^
SyntaxError: invalid syntax
`;

  expect(explainLog(log, script)).toMatchObject({ message: "SyntaxError: invalid syntax", line: 3 });
});

test("a failure of the JVM alone is its deepest cause, at no line", () => {
  const log = `Exception in thread "main" org.apache.spark.SparkException: Application failed
\tat org.apache.spark.deploy.SparkSubmit.main(SparkSubmit.scala)
Caused by: java.io.FileNotFoundException: s3://lake/none
\tat org.apache.Foo.bar(Foo.java:1)
`;

  expect(explainLog(log, script)).toMatchObject({
    message: "java.io.FileNotFoundException: s3://lake/none",
    line: undefined,
  });
});

test("frames of other files are not the user's", () => {
  const log = `Traceback (most recent call last):
  File "/usr/lib/python3/other_job.py", line 5, in f
ValueError: x
`;

  expect(explainLog(log, script)?.line).toBeUndefined();
});

test("a log with no exception has no cause, and no log is a crash", () => {
  expect(explainLog("26/01/01 INFO nothing happened\n", script)).toBeUndefined();
  const pieces = fc.constantFrom(
    "Traceback (most recent call last):",
    '  File "job.py", line 1',
    "Caused by: ",
    ":",
    "",
    "x",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string())), (lines) => {
      const cause = explainLog(lines.join("\n"), script);
      expect(cause === undefined || typeof cause.message === "string").toBe(true);
    }),
  );
});
