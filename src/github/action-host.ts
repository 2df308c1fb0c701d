import { formatDuration, printable, type Host, type LakeEvent, type Started } from "../core/index.ts";
import type { Commands } from "./commands.ts";

/** How often a step that goes on says so, in milliseconds. */
const pulse = 30_000;

const marks = { done: "✓", unchanged: "=", skipped: "-", failed: "✗", cancelled: "✗" } as const;

/** One step of a run and what was told inside it so far. */
interface OpenStep {
  readonly started: Started;
  readonly outermost: string;
  readonly depth: number;
  told: number;
}

/**
 * Tells a run in a workflow's log. A step that nothing is around is told in plain lines when it begins and as it goes on;
 * when it ends, all that happened inside it follows, folded under its title. Groups cannot stand side by side in a log,
 * and steps do, so that each is printed whole.
 */
export function createActionHost(commands: Commands, { debug }: { readonly debug: boolean }): Host {
  const open = new Map<string, OpenStep>();
  const inside = new Map<string, string[]>();
  return {
    emit(event) {
      const line = followAndDescribe(event, open, debug);
      const step = open.get(event.id);
      const outermost = step?.outermost ?? event.id;
      if (line === undefined) return;
      if (!step || step.depth === 0) tellOuter(event, line, { commands, open, inside });
      else inside.set(outermost, [...(inside.get(outermost) ?? []), `${"  ".repeat(step.depth - 1)}${line}`]);
      if (event.kind === "finished") open.delete(event.id);
    },
    mask: (secret) => {
      commands.mask(secret);
    },
    // Nobody can answer here.
    confirm: () => Promise.resolve(false),
  };
}

interface Telling {
  readonly commands: Commands;
  readonly open: Map<string, OpenStep>;
  readonly inside: Map<string, string[]>;
}

function tellOuter(event: LakeEvent, line: string, { commands, inside }: Telling): void {
  const lines = inside.get(event.id) ?? [];
  if (event.kind !== "finished" || lines.length === 0) {
    commands.print(line);
    return;
  }
  inside.delete(event.id);
  commands.group(line, lines);
}

/** Keeps track of steps; returns the line that the event is worth, if it is worth one. */
function followAndDescribe(
  event: LakeEvent,
  open: Map<string, OpenStep>,
  debug: boolean,
): string | undefined {
  if (event.kind === "remote") return undefined;
  if (event.kind === "note") {
    if (event.level === "debug" && !debug) return undefined;
    return `${event.level === "warning" ? "!" : "·"} ${printable(event.text)}`;
  }
  if (event.kind === "started") {
    const around = event.parent === undefined ? undefined : open.get(event.parent);
    const outermost = around?.outermost ?? event.id;
    open.set(event.id, { started: event, outermost, depth: around ? around.depth + 1 : 0, told: event.at });
    return around ? undefined : `${titleOf(event)} …`;
  }
  const step = open.get(event.id);
  if (!step) return undefined;
  if (event.kind === "progress") {
    if (event.at - step.told < pulse) return undefined;
    step.told = event.at;
    const counts = event.total === undefined ? "" : ` ${event.done ?? 0}/${event.total}`;
    return `${titleOf(event)}: ${printable(event.text)}${counts}  ${formatDuration(event.at - step.started.at)}`;
  }
  const text = event.text === "" ? "" : `  ${printable(event.text)}`;
  return `${marks[event.outcome]} ${titleOf(event)}${text}  ${formatDuration(event.at - step.started.at)}`;
}

function titleOf(event: LakeEvent): string {
  return `${event.verb} ${printable(event.subject)}`.trim();
}
