import { CloudFormationClient, paginateListStackResources } from "@aws-sdk/client-cloudformation";
import type { Context } from "../core/index.ts";
import type { LiveStacks } from "./live-stacks.ts";

/** A resource that a stack of the environment made. */
export interface StackResource {
  readonly layer: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
}

/** The resources of the stacks of `layers` that exist now. */
export async function listStackResources(
  live: LiveStacks,
  layers: readonly string[],
  context: Context,
): Promise<StackResource[]> {
  const lists = layers.map(async (layer) => {
    const stack = live.get(layer);
    if (!stack) return [];
    const client = context.clients.use(CloudFormationClient);
    const resources: StackResource[] = [];
    const pages = paginateListStackResources(
      { client },
      { StackName: stack.id },
      { abortSignal: context.signal },
    );
    for await (const page of pages) {
      for (const each of page.StackResourceSummaries ?? []) {
        if (each.ResourceStatus === "DELETE_COMPLETE" || each.PhysicalResourceId === undefined) continue;
        resources.push({
          layer,
          logicalId: each.LogicalResourceId ?? "",
          physicalId: each.PhysicalResourceId,
          type: each.ResourceType ?? "",
          status: each.ResourceStatus ?? "",
        });
      }
    }
    return resources;
  });
  return (await Promise.all(lists)).flat();
}
