import { z } from "zod";
import {
  createClients,
  LakeError,
  listWords,
  messageOf,
  printable,
  runStep,
  systemClock,
  type Context,
  type Host,
  type LakeEvent,
  type RemoteWork,
} from "../core/index.ts";
import { stopRemote } from "../verbs/index.ts";
import { createActionHost } from "./action-host.ts";
import type { Commands } from "./commands.ts";
import type { RunnerVariables } from "./runner-variables.ts";

const workSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("stack"),
    stackId: z.string(),
    changeSet: z.string(),
    operation: z.enum(["CREATE", "UPDATE"]),
  }),
  z.object({ type: z.literal("crawl"), crawler: z.string() }),
  z.object({ type: z.literal("step"), clusterId: z.string(), stepId: z.string(), transient: z.boolean() }),
  z.object({ type: z.literal("query"), id: z.string() }),
]);

/** What a `post` step is left: the region, and what was running at the last moment. */
const stateSchema = z.object({ region: z.string(), running: z.array(workSchema) });

/** The name under which it is kept. */
const stateName = "datalake";

/** Keeps what runs in AWS for the `post` step, for the case that this process is killed before it can stop it. */
export class RemoteState {
  readonly #running = new Map<string, RemoteWork>();
  readonly #commands: Commands;
  #region = "";

  constructor(commands: Commands) {
    this.#commands = commands;
    this.#save();
  }

  /** Says where AWS is. */
  at(region: string): void {
    this.#region = region;
  }

  /** Takes in an event. */
  follow(event: LakeEvent): void {
    if (event.kind !== "remote") return;
    if (event.running) this.#running.set(event.id, event.work);
    else this.#running.delete(event.id);
    this.#save();
  }

  #save(): void {
    const state = { region: this.#region, running: [...this.#running.values()] };
    this.#commands.saveState(stateName, JSON.stringify(state));
  }
}

/** Whether this process is the `post` step: only there is the state of the main step given. */
export function isPostStep(variables: RunnerVariables): boolean {
  return variables[`STATE_${stateName}`] !== undefined;
}

/** Stops what the main step left running, each whatever becomes of the others; says nothing where it left nothing. */
export async function stopWhatIsLeft(commands: Commands, variables: RunnerVariables): Promise<void> {
  const parsed = stateSchema.safeParse(JSON.parse(variables[`STATE_${stateName}`] ?? "{}"));
  if (!parsed.success) throw new LakeError("internal", "the state of the main step cannot be read");
  const { region, running } = parsed.data;
  if (running.length === 0) return;
  const host: Host = createActionHost(commands, { debug: false });
  const clients = createClients({ region, endpoint: variables["AWS_ENDPOINT_URL"] }, host);
  const context: Context = {
    clients,
    host,
    clock: systemClock,
    step: undefined,
    signal: AbortSignal.timeout(60_000),
  };
  const stopped: string[] = [];
  for (const work of running) {
    try {
      await runStep(context, "stop", nameOf(work), (step) => stopRemote(work, step));
      stopped.push(nameOf(work));
    } catch (error) {
      const message = `${nameOf(work)} may still be running: ${messageOf(error)}`;
      commands.annotate({ level: "error", title: "Not stopped", message: printable(message) });
    }
  }
  clients.close();
  if (stopped.length === 0) return;
  const message = `The step was ended before it could stop what it had begun; stopped now: ${listWords(stopped)}.`;
  commands.annotate({ level: "warning", title: "Stopped afterwards", message });
}

function nameOf(work: RemoteWork): string {
  switch (work.type) {
    case "stack":
      return `stack ${work.stackId.split("/")[1] ?? work.stackId}`;
    case "crawl":
      return `crawler ${work.crawler}`;
    case "step":
      return work.transient ? `cluster ${work.clusterId}` : `step ${work.stepId}`;
    case "query":
      return `query ${work.id}`;
  }
}
