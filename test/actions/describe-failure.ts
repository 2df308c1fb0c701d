import type { ActionOutcome } from "../support/run-action.ts";

/** How an action failed, in the three ways it tells it; annotations as `level file:line Title: message`. */
export function describeFailure({ code, outputs, annotations }: ActionOutcome) {
  const lines = annotations.map(({ level, file, line, title = "", message }) => {
    const place = file === undefined ? "" : ` ${file}${line === undefined ? "" : `:${line}`}`;
    return `${level}${place} ${title}: ${message}`;
  });
  return { code, reason: outputs["failure-reason"], verdict: outputs["verdict"], annotations: lines };
}
