import { inject } from "vitest";
import { addFaults, type FaultRule } from "../../src/local/index.ts";

/**
 * Puts a fault in force on the shared local lake. `resource` is a name that no other test has, so that no other is hit,
 * and the fault may stay.
 */
export async function addFault(rule: FaultRule & { readonly resource: string }): Promise<void> {
  await addFaults(inject("localLake"), [rule], new AbortController().signal);
}

/** Makes the making and changing of `<name>-held`, of a note template, last for some milliseconds. */
export function holdNotes(name: string, delay: number): Promise<void> {
  return hold("PutParameter", name, delay);
}

/** Makes the deletion of `<name>-held`, of a note template, last for some milliseconds. */
export function holdDeletion(name: string, delay: number): Promise<void> {
  return hold("DeleteParameter*", name, delay);
}

function hold(operation: string, name: string, delay: number): Promise<void> {
  return addFault({
    service: "ssm",
    operation,
    kind: "delay",
    resource: `${name}-held`,
    delay,
    internal: true,
  });
}
