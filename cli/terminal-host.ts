import { createInterface } from "node:readline/promises";
import { createLogUpdate } from "log-update";
import {
  formatDuration,
  type Finished,
  type Host,
  type LakeEvent,
  type Question,
  printable,
} from "../src/core/index.ts";
import { RunningSteps, type RunningStep } from "./running-steps.ts";
import { marks, markStyles, paint } from "./styles.ts";

/** A host that can be told that the run is over. */
export interface ClosableHost extends Host {
  close(): void;
}

/** How much a host tells. */
export interface Verbosity {
  /** Also AWS calls. */
  readonly debug: boolean;
}

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** Tells a run on a terminal: what ended scrolls by, what runs stands below it and moves. */
export function createTerminalHost(stream: NodeJS.WriteStream, { debug }: Verbosity): ClosableHost {
  const live = createLogUpdate(stream);
  const running = new RunningSteps();
  let frame = 0;
  const draw = () => {
    frame += 1;
    live(
      running
        .list()
        .map((step) => liveLine(step, frames[frame % frames.length] ?? ""))
        .join("\n"),
    );
  };
  const say = (line: string) => {
    live.clear();
    stream.write(`${line}\n`);
    draw();
  };
  const timer = setInterval(draw, 120);
  timer.unref();
  return {
    emit(event) {
      const step = running.follow(event);
      if (event.kind === "finished" && step) say(finishedLine(event, step));
      if (event.kind === "note" && (debug || event.level !== "debug")) say(noteLine(event));
    },
    // A terminal is the user's own, and what is masked was typed or written by them.
    mask: () => undefined,
    async confirm(question) {
      live.clear();
      clearInterval(timer);
      return ask(question, stream);
    },
    close() {
      clearInterval(timer);
      live.clear();
    },
  };
}

/** Tells a run in plain lines, for logs and pipes; a step's progress at most every five seconds. */
export function createPlainHost(stream: NodeJS.WritableStream, { debug }: Verbosity): ClosableHost {
  const running = new RunningSteps();
  const lastTold = new Map<string, number>();
  return {
    emit(event) {
      const step = running.follow(event);
      if (event.kind === "started") stream.write(`${"  ".repeat(step?.depth ?? 0)}${title(event)} …\n`);
      if (event.kind === "progress" && event.at - (lastTold.get(event.id) ?? step?.started.at ?? 0) >= 5000) {
        lastTold.set(event.id, event.at);
        const counts = event.total === undefined ? "" : ` ${event.done ?? 0}/${event.total}`;
        stream.write(`${"  ".repeat(step?.depth ?? 0)}${title(event)}: ${printable(event.text)}${counts}\n`);
      }
      if (event.kind === "finished" && step) stream.write(`${finishedLine(event, step)}\n`);
      if (event.kind === "note" && (debug || event.level !== "debug")) stream.write(`${noteLine(event)}\n`);
    },
    mask: () => undefined,
    confirm: () => Promise.resolve(false),
    close: () => undefined,
  };
}

function title(event: LakeEvent): string {
  return `${event.verb} ${printable(event.subject)}`.trim();
}

function liveLine({ started, last, depth }: RunningStep, frame: string): string {
  const counts = last?.total === undefined ? "" : ` ${last.done ?? 0}/${last.total}`;
  const age = formatDuration(Date.now() - started.at);
  const where = last ? `  ${printable(last.text)}${counts}` : "";
  return `${"  ".repeat(depth)}${paint("cyan", frame)} ${title(started)}${where}  ${paint("gray", age)}`;
}

function finishedLine(event: Finished, { started, depth }: RunningStep): string {
  const mark = paint(markStyles[event.outcome], marks[event.outcome]);
  const text = event.text === "" ? "" : `  ${printable(event.text)}`;
  const took = paint("gray", formatDuration(event.at - started.at));
  return `${"  ".repeat(depth)}${mark} ${title(event)}${text}  ${took}`;
}

function noteLine(event: LakeEvent & { kind: "note" }): string {
  if (event.level === "warning") return paint("yellow", `! ${printable(event.text)}`);
  return event.level === "debug" ? paint("gray", `· ${printable(event.text)}`) : `· ${printable(event.text)}`;
}

async function ask(question: Question, stream: NodeJS.WriteStream): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, output: stream });
  try {
    for (const line of question.details) stream.write(`  ${printable(line)}\n`);
    const answer = await reader.question(`${question.text} Type yes to go on: `);
    return answer.trim().toLowerCase() === "yes";
  } finally {
    reader.close();
  }
}
