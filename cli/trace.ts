import { writeFile } from "node:fs/promises";
import type { LakeEvent } from "../src/core/index.ts";

/**
 * A run's events as a trace in Chrome's JSON format ("Trace Event Format"), which Perfetto opens: steps as asynchronous
 * slices, AWS calls as slices on a row a service. Times are microseconds.
 */
function toTrace(events: readonly LakeEvent[]): unknown {
  const base = (event: LakeEvent) => ({ cat: event.verb, pid: 1, tid: 1, ts: event.at * 1000 });
  const services = [
    ...new Set(events.flatMap((event) => (event.kind === "note" && event.call ? [event.call.service] : []))),
  ];
  return {
    displayTimeUnit: "ms",
    traceEvents: [
      ...services.map((name, at) => ({ ph: "M", pid: 2, tid: at + 1, name: "thread_name", args: { name } })),
      { ph: "M", pid: 1, name: "process_name", args: { name: "steps" } },
      { ph: "M", pid: 2, name: "process_name", args: { name: "AWS calls" } },
      ...events.flatMap((event): Record<string, unknown>[] => {
        const name = `${event.verb} ${event.subject}`;
        if (event.kind === "started") return [{ ...base(event), ph: "b", id: event.id, name }];
        if (event.kind === "progress") {
          return [
            { ...base(event), ph: "n", id: event.id, name, args: { text: event.text, done: event.done } },
          ];
        }
        if (event.kind === "finished") {
          return [
            {
              ...base(event),
              ph: "e",
              id: event.id,
              name,
              args: { outcome: event.outcome, text: event.text },
            },
          ];
        }
        if (event.kind === "remote") return [];
        if (!event.call) return [{ ...base(event), ph: "i", s: "g", name: event.text }];
        const { service, operation, milliseconds, ...args } = event.call;
        const tid = services.indexOf(service) + 1;
        return [{ ...base(event), ph: "X", pid: 2, tid, name: operation, dur: milliseconds * 1000, args }];
      }),
    ],
  };
}

/** Writes {@link toTrace} to a file. */
export async function writeTrace(file: string, events: readonly LakeEvent[]): Promise<void> {
  await writeFile(file, JSON.stringify(toTrace(events)));
}
