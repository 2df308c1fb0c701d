import type { Fault } from "./faults.ts";

/**
 * Makes things happen to the requests of an operation, which is named by the operationId of GitHub's description
 * ("issues/create-comment") or "graphql". What was asked for first happens first.
 */
export class Interference {
  readonly #faults: { operation: string; fault: Fault; left: number }[] = [];
  readonly #callbacks: { operation: string; callback: () => unknown }[] = [];
  readonly #gates: { operation: string; arrivals: number; open: (() => void)[] }[] = [];

  /** The next requests of the operation get `fault`. */
  fail(operation: string, fault: Fault, times = 1): void {
    this.#faults.push({ operation, fault, left: times });
  }

  /** Runs `callback` after the next request of the operation has come and before it is served. */
  beforeNext(operation: string, callback: () => unknown): void {
    this.#callbacks.push({ operation, callback });
  }

  /** Holds the next requests of the operation until as many of them have come, and then serves them all. */
  gather(operation: string, arrivals: number): void {
    this.#gates.push({ operation, arrivals, open: [] });
  }

  /** What is to happen to a request that has just come; resolves when it may be served. */
  async meet(operation: string): Promise<Fault | undefined> {
    await this.#passGate(operation);
    const callback = this.#callbacks.findIndex((entry) => entry.operation === operation);
    if (callback >= 0) await this.#callbacks.splice(callback, 1)[0]?.callback();
    const fault = this.#faults.find((entry) => entry.operation === operation && entry.left > 0);
    if (fault !== undefined) fault.left -= 1;
    return fault?.fault;
  }

  async #passGate(operation: string): Promise<void> {
    const gate = this.#gates.find((entry) => entry.operation === operation);
    if (gate === undefined) return;
    if (gate.open.length + 1 < gate.arrivals) {
      await new Promise<void>((resolve) => gate.open.push(resolve));
      return;
    }
    this.#gates.splice(this.#gates.indexOf(gate), 1);
    for (const open of gate.open) open();
  }
}
