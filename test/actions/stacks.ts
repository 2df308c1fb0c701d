import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  type Stack,
} from "@aws-sdk/client-cloudformation";
import { expect } from "vitest";
import { createContext } from "../support/local-lake.ts";

/** Begins a stack as somebody else would, with no change set of ours. */
export async function beginStack(name: string, template: string): Promise<void> {
  const client = createContext().clients.use(CloudFormationClient);
  await client.send(new CreateStackCommand({ StackName: name, TemplateBody: template }));
}

/** Makes a stack as somebody else would; returns the physical ids of its resources by their logical ones. */
export async function makeStack(name: string, template: string): Promise<Readonly<Record<string, string>>> {
  await beginStack(name, template);
  await waitForStatus(name, "CREATE_COMPLETE");
  const client = createContext().clients.use(CloudFormationClient);
  const { StackResources: made = [] } = await client.send(
    new DescribeStackResourcesCommand({ StackName: name }),
  );
  return Object.fromEntries(
    made.map(({ LogicalResourceId = "", PhysicalResourceId = "" }) => [
      LogicalResourceId,
      PhysicalResourceId,
    ]),
  );
}

/** A stack as it is now; it has to be there. */
export async function describeStack(name: string): Promise<Stack | undefined> {
  const client = createContext().clients.use(CloudFormationClient);
  return (await client.send(new DescribeStacksCommand({ StackName: name }))).Stacks?.[0];
}

/** Waits until a stack has this status. */
export async function waitForStatus(name: string, status: string): Promise<void> {
  await expect
    .poll(async () => (await describeStack(name))?.StackStatus, { timeout: 30_000, interval: 100 })
    .toBe(status);
}
