import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, inject, test } from "vitest";
import { cases } from "./cases.ts";

const script = fileURLToPath(new URL("validate_records.py", import.meta.url));

/** Runs the script over records; returns its exit code and what it says. */
async function validate(records: readonly unknown[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(inject("python"), [script], { stdio: "pipe" });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
  child.stdin.end(JSON.stringify(records));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, said };
}

test("every record of the cases is a request that botocore would send", async () => {
  const records = Object.values(cases).flatMap((each) =>
    each.flatMap(({ records: some }) => some.slice(0, 5)),
  );
  expect(records.length).toBeGreaterThan(180);
  expect(await validate(records)).toEqual({ code: 0, said: "" });
});

test("a parameter that an operation does not have is noticed", async () => {
  const [first] = cases["athena-workgroup-deleted"]?.[0]?.records ?? [];
  const { code, said } = await validate([{ ...first, requestParameters: { workGroop: "dl" } }]);
  expect(code).toBe(1);
  expect(said).toContain("workGroop is no parameter");
});
