import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  paginateDescribeChangeSet,
  type Change,
} from "@aws-sdk/client-cloudformation";
import { LakeError, poll, type Context } from "../core/index.ts";

/** One resource that a change set adds, changes or removes. */
export interface ResourceChange {
  readonly action: "add" | "modify" | "remove" | "import" | "dynamic";
  readonly logicalId: string;
  readonly type: string;
  /** Whether the resource is made anew: `conditional` means that only AWS can tell, once it does it. */
  readonly replacement: "no" | "yes" | "conditional";
  /** The properties that change. */
  readonly properties: readonly string[];
}

/** What a change set is made from. */
export interface ChangeSetRequest {
  readonly stack: string;
  readonly name: string;
  readonly type: "CREATE" | "UPDATE";
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

const noChanges = /didn't contain changes|No updates are to be performed/i;
const longestTemplate = 51_200;

/**
 * Makes a change set and waits until AWS has worked it out.
 *
 * @returns the changes; undefined when there are none, in which case the change set is removed again.
 * @throws LakeError `stack-failed` when AWS refuses the template, `invalid-template` when it is too long to send.
 */
export async function createChangeSet(
  request: ChangeSetRequest,
  context: Context,
): Promise<readonly ResourceChange[] | undefined> {
  const bytes = Buffer.byteLength(request.template);
  if (bytes > longestTemplate) {
    throw new LakeError(
      "invalid-template",
      `the template has ${bytes} bytes; AWS takes at most ${longestTemplate}`,
      {
        hint: "Split the layer in two; a parameter named like an output wires them.",
      },
    );
  }
  const names = { StackName: request.stack, ChangeSetName: request.name };
  const client = context.clients.use(CloudFormationClient);
  // A change set of this name can be left over from a run that was cut off: it has no claim to being current.
  if (request.type === "UPDATE") await deleteChangeSet(names, context);
  // Not cancellable: a request whose answer is lost would leave a stack in review that nobody removes.
  await client.send(
    new CreateChangeSetCommand({
      ...names,
      ChangeSetType: request.type,
      TemplateBody: request.template,
      Capabilities: ["CAPABILITY_NAMED_IAM"],
      Parameters: Object.entries(request.parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Tags: Object.entries(request.tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  const failure = await waitForChangeSet(names, context);
  if (failure === undefined) return readChanges(names, context);
  await deleteChangeSet(names, context);
  if (noChanges.test(failure)) return undefined;
  throw new LakeError("stack-failed", `AWS refuses the change: ${failure}`);
}

interface ChangeSetNames {
  readonly StackName: string;
  readonly ChangeSetName: string;
}

/** Waits for the change set; returns the reason if it failed. */
async function waitForChangeSet(names: ChangeSetNames, context: Context): Promise<string | undefined> {
  return poll({
    what: `the change set of stack ${names.StackName}`,
    every: 2000,
    within: 5 * 60_000,
    signal: context.signal,
    clock: context.clock,
    probe: async () => {
      const answer = await context.clients
        .use(CloudFormationClient)
        .send(new DescribeChangeSetCommand(names), { abortSignal: context.signal });
      if (answer.Status === "CREATE_COMPLETE") return { done: undefined };
      if (answer.Status === "FAILED") return { done: answer.StatusReason ?? "AWS gives no reason" };
      return { waiting: answer.Status ?? "unknown" };
    },
  });
}

async function readChanges(names: ChangeSetNames, context: Context): Promise<ResourceChange[]> {
  const client = context.clients.use(CloudFormationClient);
  const changes: ResourceChange[] = [];
  for await (const page of paginateDescribeChangeSet({ client }, names, { abortSignal: context.signal })) {
    changes.push(...(page.Changes ?? []).map(toResourceChange));
  }
  return changes;
}

const actions = {
  Add: "add",
  Modify: "modify",
  Remove: "remove",
  Import: "import",
  Dynamic: "dynamic",
} as const;
const replacements = { True: "yes", False: "no", Conditional: "conditional" } as const;

function toResourceChange({ ResourceChange: change }: Change): ResourceChange {
  const action = change?.Action ?? "Dynamic";
  const properties = (change?.Details ?? []).map(
    (detail) => detail.Target?.Name ?? detail.Target?.Attribute ?? "",
  );
  return {
    action: action in actions ? actions[action as keyof typeof actions] : "dynamic",
    logicalId: change?.LogicalResourceId ?? "",
    type: change?.ResourceType ?? "",
    replacement: replacements[change?.Replacement ?? "False"],
    properties: [...new Set(properties)].filter((name) => name !== ""),
  };
}

/** Removes a change set; nothing happens where there is none. */
export async function deleteChangeSet(names: ChangeSetNames, context: Context): Promise<void> {
  await context.clients
    .use(CloudFormationClient)
    .send(new DeleteChangeSetCommand(names), { abortSignal: context.signal });
}
