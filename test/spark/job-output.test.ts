import { expect, test } from "vitest";
import { readOutput } from "../../src/spark/job-output.ts";
import { sparkSubmitArguments } from "../../src/spark/step-arguments.ts";

test("the last line that is a JSON object is the job's result", () => {
  const output = readOutput('reading\n{"rows": 1}\n{"rows": 2}\n{broken\n[3]\n');

  expect(output).toEqual({
    lines: ["reading", '{"rows": 1}', '{"rows": 2}', "{broken", "[3]"],
    json: { rows: 2 },
  });
});

test("a hundred lines are kept, and nothing is nothing", () => {
  const output = readOutput(Array.from({ length: 250 }, (_, index) => `line ${index}`).join("\n"));

  expect(output.lines).toHaveLength(100);
  expect(output.lines.at(-1)).toBe("line 249");
  expect(readOutput("")).toEqual({ lines: [], json: undefined });
});

test("configuration comes before the script, the job's own arguments after it, each as one word", () => {
  const job = {
    name: "a job",
    script: "s3://b/job.py",
    arguments: ["--raw", "s3://r/ x;y"],
    conf: { "spark.a": "1 2" },
  };

  expect(sparkSubmitArguments(job)).toEqual([
    ...["spark-submit", "--deploy-mode", "client", "--name", "a job"],
    ...["--conf", "spark.a=1 2", "s3://b/job.py", "--raw", "s3://r/ x;y"],
  ]);
});
