import type { LakeEvent, Progress, Started } from "../src/core/index.ts";

/** A step that has begun and not ended. */
export interface RunningStep {
  readonly started: Started;
  readonly last: Progress | undefined;
  /** How many steps are around it. */
  readonly depth: number;
}

/** Keeps track of the steps that run now, in the order they began. */
export class RunningSteps {
  readonly #steps = new Map<string, RunningStep>();

  /** Takes in an event; returns the step it belongs to, also when this event ended it. */
  follow(event: LakeEvent): RunningStep | undefined {
    const known = this.#steps.get(event.id);
    if (event.kind === "started") {
      const around = event.parent === undefined ? undefined : this.#steps.get(event.parent);
      const step = { started: event, last: undefined, depth: around ? around.depth + 1 : 0 };
      this.#steps.set(event.id, step);
      return step;
    }
    if (event.kind === "progress" && known) this.#steps.set(event.id, { ...known, last: event });
    if (event.kind === "finished") this.#steps.delete(event.id);
    return known;
  }

  /** The running steps. */
  list(): RunningStep[] {
    return [...this.#steps.values()];
  }
}
