import { DescribeStepCommand, EMRClient, ListStepsCommand } from "@aws-sdk/client-emr";
import { ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { beforeAll, expect, test } from "vitest";
import { makeBucket, makeCluster } from "../spark/emr-bed.ts";
import { describeFailure } from "./describe-failure.ts";
import { createContext } from "../support/local-lake.ts";
import { runAction, type ActionOptions, type ActionOutcome } from "../support/run-action.ts";
import { makeFolder } from "../support/temporary-lake.ts";

/** The bucket of all these tests, its cluster of the same name, and what leads an action to them. */
let bucket = "";
let cluster = "";
beforeAll(async () => {
  const context = createContext();
  bucket = await makeBucket(context);
  cluster = await makeCluster(bucket, context, 4);
});
const here = () => ({ cluster, scripts: `s3://${bucket}/scripts/` });

/** Runs the action in a workspace of these files. */
async function submit(
  inputs: Readonly<Record<string, string>>,
  { files = {}, ...options }: Omit<ActionOptions, "cwd"> & { files?: Readonly<Record<string, string>> } = {},
): Promise<ActionOutcome> {
  await using folder = await makeFolder(files);
  return await runAction("run-emr-job", inputs, { cwd: folder.path, ...options });
}

/** Scripts that were put into the bucket, by their names. */
async function scriptsThere(): Promise<string[]> {
  const list = new ListObjectsV2Command({ Bucket: bucket, Prefix: "scripts/" });
  const { Contents = [] } = await createContext().clients.use(S3Client).send(list);
  return Contents.map(({ Key = "" }) => Key.split("/").at(-1) ?? "");
}

async function stateOf(stepId = ""): Promise<string | undefined> {
  const describe = new DescribeStepCommand({ ClusterId: cluster, StepId: stepId });
  return (await createContext().clients.use(EMRClient).send(describe)).Step?.Status?.State;
}

const lake = "name: acme\nregion: ap-northeast-1\nenvironments: { dev: {} }\nlayers: {}\n";

interface Mistake {
  readonly what: string;
  readonly inputs: () => Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly reason?: string;
  readonly annotations: readonly string[];
}

test.each<Mistake>([
  {
    what: "wrong inputs, all at once",
    inputs: () => ({ conf: "spark.driver.memory", transient: "yes", timeout: "2 h" }),
    annotations: [
      "Invalid input: script: is required and was not given",
      'Invalid input: conf: "spark.driver.memory" is no pair; write Key=value, a line each',
      'Invalid input: transient: "yes" is no boolean; allowed are true and false',
      'Invalid input: timeout: "2 h" is no duration; allowed are forms like 45s, 15m, 2h, 1h30m',
    ],
  },
  ...["no.py", "."].map((script) => ({
    what: `a script that is not there: ${script}`,
    inputs: () => ({ script, ...here() }),
    annotations: [
      `Invalid input: there is no script ${script}\nScripts are looked for beside the lake file; name one that is in S3 already as s3://….`,
    ],
  })),
  {
    what: "no place for the script",
    inputs: () => ({ script: "unrun.py", cluster }),
    reason: "layer-not-deployed",
    annotations: [
      "Layer not deployed: a bucket for scripts is not there yet\nRun `datalake deploy` first, or say where scripts go by the input `scripts`.",
    ],
  },
  {
    what: "a place for the script that is none",
    inputs: () => ({ script: "unrun.py", cluster, scripts: "bucket/scripts" }),
    annotations: ['Invalid input: "bucket/scripts" is no S3 URL; write s3://bucket/key'],
  },
  {
    what: "a bucket for the script that does not exist",
    inputs: () => ({ script: "unrun.py", cluster, scripts: "s3://nobody-made-this-bucket/" }),
    reason: "upload-failed",
    annotations: [
      "Upload failed: there is no bucket nobody-made-this-bucket\nDeploy the layer that makes it, or check its name and the region.",
    ],
  },
  ...["no-such-cluster", "j-NOBODY"].map((name) => ({
    what: `a cluster that does not live: ${name}`,
    inputs: () => ({ script: "unrun.py", ...here(), cluster: name }),
    reason: "cluster-failed",
    annotations: [
      `Cluster failed: cluster ${name} is not there or takes no steps any more\nUse a cluster that is waiting or running, or let the job start one of its own.`,
    ],
  })),
  {
    what: "no cluster and no template of one",
    inputs: () => ({ script: "unrun.py", scripts: `s3://${bucket}/scripts/` }),
    files: { "lake.yaml": lake },
    reason: "layer-not-deployed",
    annotations: [
      "Layer not deployed: no cluster is alive, and no layer's template describes one\nDeploy the compute layer, or name a cluster by the input `cluster`, or under `spark` in the lake file.",
    ],
  },
])(
  "$what: told, and nothing is begun",
  async ({ inputs, files = {}, reason = "invalid-input", ...mistake }) => {
    const result = await submit(inputs(), {
      files: { "unrun.py": "print('never run')\n", ...files },
      variables: { RUNNER_DEBUG: "1" },
    });
    expect(describeFailure(result)).toEqual({
      code: 1,
      reason,
      verdict: "failed",
      annotations: mistake.annotations.map((text) => `error ${text}`),
    });
    expect(result.log).not.toMatch(/EMR (AddJobFlowSteps|RunJobFlow)/);
    expect(result.outputs).not.toHaveProperty("step-id");
    expect(result.post).toBe("");
    expect(await scriptsThere()).not.toContain("unrun.py");
  },
);

test("a job that goes well gets its arguments unchanged and gives its last line of JSON to later steps", async () => {
  const script = `import json, sys\nprint('{"early": 1}')\nprint(json.dumps({"given": sys.argv[1:]}))\nprint("end")\n`;
  const given = ["a,b", `"quoted" 'x' \\y`, "--flag=1 2", "$HOME * ; ::error::x", "日本"];
  const inputs = { script: "good.py", ...here(), cluster: bucket, "job-arguments": given.join("\n") };
  const result = await submit(inputs, { files: { "good.py": script } });
  expect(result).toMatchObject({ code: 0, annotations: [], post: "" });
  expect(JSON.parse(result.outputs["result"] ?? "")).toEqual({ given });
  expect(result.outputs).toMatchObject({ verdict: "passed", "failure-reason": "", "cluster-id": cluster });
  expect(await stateOf(result.outputs["step-id"])).toBe("COMPLETED");
});

test.each([
  {
    what: "that throws, from the depth of its functions",
    script: `import json\n\ndef clean(rows):\n    raise ValueError("::error::no <b>rows</b> | @all %0A in orders\\nsecond")\n\nclean([])\n`,
    says: "ValueError: ::error::no <b>rows</b> | @all %0A in orders",
    line: ":4",
  },
  {
    what: "that does not parse",
    script: "rows = 1\ndef broken(:\n    pass\n",
    says: "SyntaxError: invalid syntax",
    line: ":2",
  },
  {
    what: "that ends with a text",
    script: 'import sys\nprint("reading")\nsys.exit("there are no orders\\n::error::of today")\n',
    says: "spark-submit ended with exit code 1.\nIts last words:\nreading\nthere are no orders\n::error::of today",
  },
  {
    what: "that is killed by a signal",
    script: "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n",
    says: "spark-submit ended with exit code 137.",
  },
  {
    what: "whose settings Spark refuses",
    script: "print('never')\n",
    conf: "spark.driver.memory=lots",
    says: expect.stringContaining("Invalid maximum heap size: -Xmxlots") as string,
  },
])(
  "a job $what fails at its line, in a lake of a subfolder too",
  async ({ script, says, line = "", conf = "" }) => {
    const inputs = { script: "jobs/bad.py", lake: "infra/lake.yaml", conf, ...here() };
    const files = { "infra/lake.yaml": lake, "infra/jobs/bad.py": script };
    const result = await submit(inputs, { files });
    const { code, reason, annotations } = describeFailure(result);
    expect({ code, reason }).toEqual({ code: 1, reason: "job-failed" });
    expect(annotations).toHaveLength(1);
    const [, place, message, stepId] =
      /^error (\S+) Job failed: job bad\.py failed: (.*)\nIts logs are in s3:\S+\/(s-\w+)\/\.$/s.exec(
        annotations[0] ?? "",
      ) ?? [];
    expect({ place, message }).toEqual({ place: `infra/jobs/bad.py${line}`, message: says });
    expect(await stateOf(stepId)).toBe("FAILED");
    expect(result.report?.failure).toMatchObject({ reason: "job-failed" });
    expect(result.outputs).not.toHaveProperty("result");
  },
);

test("a script in S3 is run where it is; one that is missing there has no line in the repository", async () => {
  const body = "raise RuntimeError('from S3')\n";
  const put = new PutObjectCommand({ Bucket: bucket, Key: "there/job.py", Body: body });
  await createContext().clients.use(S3Client).send(put);
  const thrown = await submit({ script: `s3://${bucket}/there/job.py`, cluster });
  expect(thrown.annotations).toMatchObject([
    {
      title: "Job failed",
      message: expect.stringMatching(/^job job\.py failed: RuntimeError: from S3\n/) as string,
    },
  ]);
  expect(thrown.annotations[0]).not.toHaveProperty("file");
  const missing = await submit({ script: `s3://${bucket}/nowhere/job.py`, cluster });
  expect(missing.annotations).toMatchObject([
    { message: expect.stringContaining(`The file s3://${bucket}/nowhere/job.py does not exist.`) as string },
  ]);
});

test("no job waits in EMR for any of these failures", async () => {
  const list = new ListStepsCommand({
    ClusterId: cluster,
    StepStates: ["PENDING", "RUNNING", "CANCEL_PENDING"],
  });
  expect((await createContext().clients.use(EMRClient).send(list)).Steps).toEqual([]);
});
