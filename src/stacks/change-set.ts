import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
  type Change,
  type DescribeChangeSetCommandOutput,
} from "@aws-sdk/client-cloudformation";
import {
  awsCodeOf,
  LakeError,
  messageOf,
  poll,
  whileRemote,
  type Context,
  type RemoteWork,
  type StepReporter,
} from "../core/index.ts";
import type { Layer, Template } from "../lake/index.ts";
import { deleteStack } from "./delete-stack.ts";
import { readStack } from "./live-stacks.ts";

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

/** A change set that AWS has worked out and that can be executed. */
export interface ChangeSet {
  readonly stackId: string;
  readonly changes: readonly ResourceChange[];
}

/** What a change set is made from. */
export interface ChangeSetRequest {
  readonly layer: Pick<Layer, "name" | "stack">;
  readonly template: Template;
  readonly name: string;
  readonly type: "CREATE" | "UPDATE";
  /** Whether the stack is there already, if only in review. */
  readonly exists: boolean;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

const noChanges = /didn't contain changes|No updates are to be performed/i;
const longestTemplate = 51_200;

/**
 * Makes a change set and waits until AWS has worked it out.
 *
 * @returns the change set; undefined when it holds no changes, in which case it is removed again.
 * @throws LakeError `stack-failed` when AWS refuses the change, with the line that its words are about;
 *   `invalid-template` when the template is too long to send; `stack-busy` when something else has begun to change the
 *   stack.
 */
export async function createChangeSet(
  request: ChangeSetRequest,
  context: StepReporter,
): Promise<ChangeSet | undefined> {
  refuseTooLong(request);
  const names = { StackName: request.layer.stack, ChangeSetName: request.name };
  // A change set of this name can be left over from a run that was cut off: it has no claim to being current.
  if (request.exists) await deleteChangeSet(names, context);
  const stackId = await askForChangeSet(names, request, context);
  return whileRemote(context, remoteWorkOf(request, stackId), async () => {
    try {
      const answer = await waitForChangeSet(names, context);
      if (answer.Status === "CREATE_COMPLETE") {
        const changes = await readChanges(names, answer, context);
        return { stackId: answer.StackId ?? stackId, changes };
      }
      const failure = answer.StatusReason ?? "AWS gives no reason";
      if (!noChanges.test(failure)) throw refusal(failure, request);
    } catch (error) {
      await discardChangeSet(request, context);
      throw error;
    }
    await discardChangeSet(request, context);
    return undefined;
  });
}

/** What another process has to stop if this one is killed while it works with a change set. */
export function remoteWorkOf(
  { name, type }: ChangeSetRequest,
  stackId: string,
): Extract<RemoteWork, { type: "stack" }> {
  return { type: "stack", stackId, changeSet: name, operation: type };
}

/** @returns the stack's id, or its name where only that is known. */
async function askForChangeSet(
  names: ChangeSetNames,
  request: ChangeSetRequest,
  context: StepReporter,
): Promise<string> {
  try {
    // Not cancellable: a request whose answer is lost would leave a stack in review that nobody removes.
    const answer = await context.clients.use(CloudFormationClient).send(
      new CreateChangeSetCommand({
        ...names,
        ChangeSetType: request.type,
        TemplateBody: request.template.text,
        Capabilities: ["CAPABILITY_NAMED_IAM"],
        Parameters: Object.entries(request.parameters).map(([ParameterKey, ParameterValue]) => ({
          ParameterKey,
          ParameterValue,
        })),
        Tags: Object.entries(request.tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
    return answer.StackId ?? request.layer.stack;
  } catch (error) {
    const code = awsCodeOf(error);
    // The answer to an earlier attempt was lost: its name says that it holds exactly this change.
    if (code === "AlreadyExistsException") return request.layer.stack;
    throw code === "ValidationError" ? refusal(messageOf(error), request, error) : error;
  }
}

/** Executes a change set. Not cancellable: a request whose answer is lost would begin what nobody stops. */
export async function executeChangeSet(names: ChangeSetNames, context: Context): Promise<void> {
  const client = context.clients.use(CloudFormationClient);
  try {
    await client.send(new ExecuteChangeSetCommand(names));
  } catch (error) {
    if (awsCodeOf(error) !== "InvalidChangeSetStatusException") throw error;
    // The answer to an earlier attempt was lost, if it is being executed.
    const { ExecutionStatus: status = "" } = await client.send(new DescribeChangeSetCommand(names));
    if (!/^EXECUTE_(IN_PROGRESS|COMPLETE)$/.test(status)) throw error;
  }
}

/** What AWS's refusal means, with the first line of the template that has the name it gives. */
function refusal(why: string, { layer, template }: ChangeSetRequest, cause?: unknown): LakeError {
  if (/ is in \w+_IN_PROGRESS state/.test(why)) {
    return new LakeError("stack-busy", `layer ${layer.name}: ${why}`, {
      hint: "Something else is changing this stack; run the same command again when that is over.",
      cause,
    });
  }
  const [, name] = /(?:\['?|parameter '|undefined resource )([\w:]+)/i.exec(why) ?? [];
  const whole = name === undefined ? undefined : new RegExp(`(?<![\\w:])${name}(?!\\w|::)`);
  const at = template.text.split("\n").findIndex((line) => whole?.test(line) === true);
  return new LakeError("stack-failed", `layer ${layer.name}: AWS refuses the change: ${why}`, {
    hint: "Nothing was changed; mend what it names and deploy again.",
    place: { file: template.file, line: at < 0 ? undefined : at + 1 },
    cause,
  });
}

function refuseTooLong({ layer, template }: ChangeSetRequest): void {
  const bytes = Buffer.byteLength(template.text);
  if (bytes <= longestTemplate) return;
  throw new LakeError(
    "invalid-template",
    `layer ${layer.name}: the template has ${bytes} bytes; AWS takes at most ${longestTemplate}`,
    {
      hint: "Split the layer in two; a parameter named like an output wires them.",
      place: { file: template.file },
    },
  );
}

/**
 * Removes a change set that will not be executed, and with it the empty stack in review if there was none before. A
 * cancelled run still does this, within 7 s.
 */
export async function discardChangeSet(
  { layer: { stack: name }, name: changeSet, type }: ChangeSetRequest,
  context: StepReporter,
): Promise<void> {
  const tidying = { ...context, signal: AbortSignal.timeout(7000) };
  if (type === "UPDATE") return deleteChangeSet({ StackName: name, ChangeSetName: changeSet }, tidying);
  const stack = await readStack(name, tidying);
  if (stack?.status === "REVIEW_IN_PROGRESS") await deleteStack({ stack, within: 6000 }, tidying);
}

/** A change set by the names, or ids, of its stack and itself. */
export interface ChangeSetNames {
  readonly StackName: string;
  readonly ChangeSetName: string;
}

/** Waits until the change set is worked out or refused. */
async function waitForChangeSet(
  names: ChangeSetNames,
  context: Context,
): Promise<DescribeChangeSetCommandOutput> {
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
      const isDone = answer.Status === "CREATE_COMPLETE" || answer.Status === "FAILED";
      return isDone ? { done: answer } : { waiting: answer.Status ?? "unknown" };
    },
  });
}

/** The changes of the first page, which the wait has read already, and of the pages after it. */
async function readChanges(
  names: ChangeSetNames,
  first: DescribeChangeSetCommandOutput,
  context: Context,
): Promise<ResourceChange[]> {
  const client = context.clients.use(CloudFormationClient);
  const changes = (first.Changes ?? []).map(toResourceChange);
  for (let token = first.NextToken; token !== undefined;) {
    const page = await client.send(new DescribeChangeSetCommand({ ...names, NextToken: token }), {
      abortSignal: context.signal,
    });
    changes.push(...(page.Changes ?? []).map(toResourceChange));
    token = page.NextToken;
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
