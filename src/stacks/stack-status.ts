import type { StackStatus } from "@aws-sdk/client-cloudformation";

/** What has to happen to a stack before it can take a new template. */
export type NextMove = "create" | "update" | "wait" | "recreate" | "continue-rollback" | "finish-delete";

/**
 * What each status a stack can be in means for a deploy. A stack whose first creation failed holds nothing and can
 * take no update, so it is deleted and made anew.
 *
 * Source: CloudFormation user guide, "Stack status codes".
 */
const moves: Readonly<Record<StackStatus, NextMove>> = {
  REVIEW_IN_PROGRESS: "create",
  CREATE_IN_PROGRESS: "wait",
  CREATE_COMPLETE: "update",
  CREATE_FAILED: "recreate",
  ROLLBACK_IN_PROGRESS: "wait",
  ROLLBACK_COMPLETE: "recreate",
  ROLLBACK_FAILED: "recreate",
  UPDATE_IN_PROGRESS: "wait",
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: "wait",
  UPDATE_COMPLETE: "update",
  UPDATE_FAILED: "update",
  UPDATE_ROLLBACK_IN_PROGRESS: "wait",
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: "wait",
  UPDATE_ROLLBACK_COMPLETE: "update",
  UPDATE_ROLLBACK_FAILED: "continue-rollback",
  DELETE_IN_PROGRESS: "wait",
  DELETE_COMPLETE: "create",
  DELETE_FAILED: "finish-delete",
  IMPORT_IN_PROGRESS: "wait",
  IMPORT_COMPLETE: "update",
  IMPORT_ROLLBACK_IN_PROGRESS: "wait",
  IMPORT_ROLLBACK_COMPLETE: "update",
  IMPORT_ROLLBACK_FAILED: "update",
};

/** What a deploy has to do first with a stack in this status; undefined means that there is no stack. */
export function nextMove(status: StackStatus | undefined): NextMove {
  return status === undefined ? "create" : moves[status];
}

/** Whether AWS is at work on the stack. */
export function isBusy(status: StackStatus): boolean {
  return moves[status] === "wait";
}

/** Whether the stack is as its template says. */
export function isSettled(status: StackStatus): boolean {
  return status === "CREATE_COMPLETE" || status === "UPDATE_COMPLETE" || status === "IMPORT_COMPLETE";
}
