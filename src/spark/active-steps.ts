import { EMRClient, paginateListSteps } from "@aws-sdk/client-emr";
import { awsCodeOf, type Context } from "../core/index.ts";

const activeStates = ["PENDING", "CANCEL_PENDING", "RUNNING"] as const;

/** A step that runs or waits. */
export interface ActiveStep {
  readonly name: string;
  readonly state: (typeof activeStates)[number];
}

/** The steps that run or wait on a cluster; a cluster that does not exist has none. */
export async function listActiveSteps(clusterId: string, context: Context): Promise<ActiveStep[]> {
  const client = context.clients.use(EMRClient);
  const active: ActiveStep[] = [];
  try {
    const pages = paginateListSteps(
      { client },
      { ClusterId: clusterId, StepStates: [...activeStates] },
      { abortSignal: context.signal },
    );
    for await (const page of pages) {
      for (const { Name: name = "", Status: status } of page.Steps ?? []) {
        const state = activeStates.find((one) => one === status?.State);
        if (state !== undefined) active.push({ name, state });
      }
    }
  } catch (error) {
    if (awsCodeOf(error) !== "InvalidRequestException") throw error;
  }
  return active;
}
