import { DescribeStepCommand, EMRClient, type Step } from "@aws-sdk/client-emr";
import { poll, type StepReporter } from "../core/index.ts";
import { readCluster } from "./clusters.ts";
import type { SubmittedStep } from "./start-job.ts";

/** Waits until a step has ended, however it ends, telling each change of its state. `within` is in milliseconds. */
export async function followStep(
  { clusterId, stepId }: SubmittedStep,
  within: number,
  step: StepReporter,
): Promise<Step> {
  let told = "";
  return poll<Step>({
    what: `step ${stepId} of cluster ${clusterId}`,
    every: 10_000,
    within,
    signal: step.signal,
    clock: step.clock,
    resume:
      "The job was cancelled, so that no two runs write the same tables; give it more time and run it again.",
    probe: async () => {
      const answer = await step.clients
        .use(EMRClient)
        .send(new DescribeStepCommand({ ClusterId: clusterId, StepId: stepId }), {
          abortSignal: step.signal,
        });
      const state = answer.Step?.Status?.State ?? "PENDING";
      if (answer.Step && ["COMPLETED", "FAILED", "CANCELLED", "INTERRUPTED"].includes(state)) {
        return { done: answer.Step };
      }
      const text = state === "PENDING" ? await describePending(clusterId, step) : state.toLowerCase();
      if (text !== told) step.progress(text);
      told = text;
      return { waiting: text };
    },
  });
}

/** A step that waits does so for its cluster or for the steps before it. */
async function describePending(clusterId: string, step: StepReporter): Promise<string> {
  const cluster = await readCluster(clusterId, step);
  return `pending (cluster ${(cluster?.Status?.State ?? "unknown").toLowerCase()})`;
}
