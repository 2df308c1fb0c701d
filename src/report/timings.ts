import type { LakeEvent, Started } from "../core/index.ts";
import type { Timing } from "./report.ts";

/** How long each finished step took, from a run's events: in the order they began, from the first one's start. */
export function timingsOf(events: readonly LakeEvent[]): Timing[] {
  const begun = new Map<string, Started>();
  const timings: Timing[] = [];
  const origin = events.find((event) => event.kind === "started")?.at ?? 0;
  for (const event of events) {
    if (event.kind === "started") begun.set(event.id, event);
    const start = event.kind === "finished" ? begun.get(event.id) : undefined;
    if (event.kind !== "finished" || !start) continue;
    timings.push({
      name: `${event.verb} ${event.subject}`.trim(),
      group: event.verb,
      start: start.at - origin,
      milliseconds: event.at - start.at,
      outcome: event.outcome,
    });
  }
  return timings.sort((a, b) => a.start - b.start);
}
