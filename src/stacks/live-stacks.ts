import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateDescribeStacks,
  type Stack,
  type StackStatus,
} from "@aws-sdk/client-cloudformation";
import { awsCodeOf, type Context } from "../core/index.ts";
import type { Environment, LiveOutputs } from "../lake/index.ts";

/** A stack as AWS tells of it now. */
export interface LiveStack {
  readonly name: string;
  readonly id: string;
  readonly status: StackStatus;
  readonly reason: string | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** The change set that made the stack what it is. */
  readonly changeSet: string | undefined;
  /** The last time that something changed it; milliseconds since the epoch. */
  readonly changedAt: number;
}

/** The stacks of an environment that exist, by layer. */
export type LiveStacks = ReadonlyMap<string, LiveStack>;

/** Reads every stack of the environment in one sweep of DescribeStacks, whatever their number; one alone by its name. */
export async function readLiveStacks(environment: Environment, context: Context): Promise<LiveStacks> {
  const wanted = new Map([...environment.layers.values()].map((layer) => [layer.stack, layer.name]));
  const found = new Map<string, LiveStack>();
  if (wanted.size < 2) {
    for (const [name, layer] of wanted) {
      const stack = await readStack(name, context);
      if (stack) found.set(layer, stack);
    }
    return found;
  }
  for await (const stack of listStacks(context)) {
    const layer = wanted.get(stack.name);
    if (layer !== undefined) found.set(layer, stack);
  }
  return found;
}

/** Every stack of the account and region that is not deleted. */
async function* listStacks(context: Context): AsyncGenerator<LiveStack> {
  const client = context.clients.use(CloudFormationClient);
  for await (const page of paginateDescribeStacks({ client }, {}, { abortSignal: context.signal })) {
    for (const stack of page.Stacks ?? []) yield toLiveStack(stack);
  }
}

/** One stack by name or id; undefined where there is none, or where only a deleted one of that name was. */
export async function readStack(nameOrId: string, context: Context): Promise<LiveStack | undefined> {
  try {
    const answer = await context.clients
      .use(CloudFormationClient)
      .send(new DescribeStacksCommand({ StackName: nameOrId }), { abortSignal: context.signal });
    const [stack] = answer.Stacks ?? [];
    return stack === undefined ? undefined : toLiveStack(stack);
  } catch (error) {
    if (awsCodeOf(error) === "ValidationError" && String(error).includes("does not exist")) return undefined;
    throw error;
  }
}

/** The outputs of every live layer. */
export function outputsOf(live: LiveStacks): LiveOutputs {
  return new Map([...live].map(([layer, stack]) => [layer, stack.outputs]));
}

function toLiveStack(stack: Stack): LiveStack {
  const pairs = (stack.Outputs ?? []).map(
    (output) => [output.OutputKey ?? "", output.OutputValue ?? ""] as const,
  );
  const tags = (stack.Tags ?? []).map((tag) => [tag.Key ?? "", tag.Value ?? ""] as const);
  return {
    name: stack.StackName ?? "",
    id: stack.StackId ?? "",
    status: stack.StackStatus ?? "CREATE_FAILED",
    reason: stack.StackStatusReason,
    outputs: Object.fromEntries(pairs),
    tags: Object.fromEntries(tags),
    changeSet: stack.ChangeSetId?.split("/")[1],
    changedAt: (stack.LastUpdatedTime ?? stack.CreationTime)?.getTime() ?? 0,
  };
}
