import { formatPlace, type LakeError, printable } from "../src/core/index.ts";
import { paint } from "./styles.ts";

/** An error as text: what happened and where, each mistake on a line, and what to do next. */
export function renderError(error: LakeError, debug: boolean): string {
  const where = error.place && error.mistakes.length < 2 ? `${formatPlace(error.place)}: ` : "";
  const lines = [`${paint(["red", "bold"], "error")} ${where}${printable(error.message)}`];
  if (error.mistakes.length > 1) {
    for (const { message, place } of error.mistakes) {
      lines.push(`  ${place ? `${formatPlace(place)}: ` : ""}${printable(message)}`);
    }
  }
  if (error.hint !== undefined) lines.push(`  ${paint("cyan", "→")} ${printable(error.hint)}`);
  if (debug && error.cause instanceof Error)
    lines.push(paint("gray", printable(error.cause.stack ?? error.cause.message)));
  else if (error.reason === "internal") lines.push(paint("gray", printable(error.stack ?? "")));
  return `${lines.join("\n")}\n`;
}
