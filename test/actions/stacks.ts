import {
  CloudFormationClient,
  CreateStackCommand,
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
