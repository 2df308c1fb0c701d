import {
  CloudFormationClient,
  paginateDescribeStackEvents,
  type StackEvent,
} from "@aws-sdk/client-cloudformation";
import type { Context } from "../core/index.ts";

/** The event that made a stack fail. */
export interface FailureCause {
  readonly logicalId: string;
  readonly type: string;
  readonly reason: string;
}

const echo =
  /cancelled|Resource (creation|update) cancelled|rollback requested|The following resource\(s\) failed/i;

/** The events of a stack's running operation, oldest first. */
export async function readOperationEvents(
  stackId: string,
  since: number,
  context: Context,
): Promise<StackEvent[]> {
  const client = context.clients.use(CloudFormationClient);
  const events: StackEvent[] = [];
  const pages = paginateDescribeStackEvents(
    { client },
    { StackName: stackId },
    { abortSignal: context.signal },
  );
  for await (const page of pages) {
    const fresh = (page.StackEvents ?? []).filter((event) => (event.Timestamp?.getTime() ?? 0) >= since);
    events.push(...fresh);
    if (fresh.length < (page.StackEvents ?? []).length) break;
  }
  return events.reverse();
}

/**
 * The earliest event that failed for a reason of its own, followed down into nested stacks: the resources that were
 * cancelled because of it, and the stack's own summary, only echo it.
 *
 * @param since when the operation began, in milliseconds since the epoch.
 */
export async function explainFailure(
  stackId: string,
  since: number,
  context: Context,
): Promise<FailureCause | undefined> {
  const events = await readOperationEvents(stackId, since, context);
  const failed = events.filter((event) => event.ResourceStatus?.endsWith("_FAILED") === true);
  const cause = failed.find((event) => !echo.test(event.ResourceStatusReason ?? "")) ?? failed[0];
  if (!cause) return undefined;
  const nested = cause.PhysicalResourceId ?? "";
  if (cause.ResourceType === "AWS::CloudFormation::Stack" && nested !== "" && nested !== stackId) {
    const deeper = await explainFailure(nested, since, context);
    if (deeper) return deeper;
  }
  return {
    logicalId: cause.LogicalResourceId ?? "",
    type: cause.ResourceType ?? "",
    reason: cause.ResourceStatusReason ?? "AWS gives no reason",
  };
}
