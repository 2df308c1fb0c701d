import { randomUUID } from "node:crypto";
import {
  AthenaClient,
  GetQueryExecutionCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
  type QueryExecution,
} from "@aws-sdk/client-athena";
import {
  awsCodeOf,
  formatBytes,
  messageOf,
  note,
  poll,
  runStep,
  whileRemote,
  type Context,
  type Place,
  type StepReporter,
} from "../core/index.ts";
import { queryFailed } from "./query-failure.ts";
import { openResult, type ResultReader } from "./read-rows.ts";

/** One query for Athena. */
export interface QueryRequest {
  readonly sql: string;
  readonly database: string;
  readonly workgroup: string;
  /** `s3://…/`; where the workgroup says it, it is not needed. */
  readonly outputLocation?: string | undefined;
  /** Where the SQL's first character is in the user's files, so that errors can name the line. */
  readonly source?: Place | undefined;
  /** What the query is called in the events; default: the database. */
  readonly subject?: string | undefined;
  /** Milliseconds; default 30 minutes, which is also Athena's own limit for a query. */
  readonly within?: number | undefined;
}

/** A query that has succeeded. */
export interface QueryResult extends ResultReader {
  readonly id: string;
  readonly bytesScanned: number;
  /** From its submission to its end, as Athena measured it. */
  readonly milliseconds: number;
  /** `DML` for SELECT, INSERT and the like, `DDL` for what is free, `UTILITY` for SHOW and the like. */
  readonly statement: string;
}

/**
 * Runs a query on Athena and opens its result. The query is stopped when the signal aborts or the time is over.
 *
 * @throws LakeError `query-failed` with Athena's message and its place in the user's file, `timed-out`.
 */
export function runQuery(request: QueryRequest, context: Context): Promise<QueryResult> {
  return runStep(context, "query", request.subject ?? request.database, async (step) => {
    const id = await startQuery(request, step);
    const execution = await whileRemote(step, { type: "query", id }, () => followQuery(id, request, step));
    const status = execution.Status;
    if (status?.State !== "SUCCEEDED") {
      const why = status?.StateChangeReason ?? status?.AthenaError?.ErrorMessage ?? "it gives no reason";
      throw queryFailed(status?.State === "CANCELLED" ? `it was cancelled (${why})` : why, request.source);
    }
    const bytesScanned = execution.Statistics?.DataScannedInBytes ?? 0;
    const milliseconds = execution.Statistics?.TotalExecutionTimeInMillis ?? 0;
    const statement = execution.StatementType ?? "DML";
    const result = await openResult(id, statement === "DML", step);
    step.conclude(`${formatBytes(bytesScanned)} scanned`);
    return { id, ...result, bytesScanned, milliseconds, statement };
  });
}

async function startQuery(request: QueryRequest, step: StepReporter): Promise<string> {
  const { sql, database, workgroup, outputLocation } = request;
  const command = new StartQueryExecutionCommand({
    QueryString: sql,
    QueryExecutionContext: { Database: database },
    WorkGroup: workgroup,
    ...(outputLocation === undefined ? {} : { ResultConfiguration: { OutputLocation: outputLocation } }),
    ClientRequestToken: randomUUID(),
  });
  try {
    // Not cancellable: a start whose answer is lost would leave a query that nobody stops.
    const answer = await step.clients.use(AthenaClient).send(command);
    return answer.QueryExecutionId ?? "";
  } catch (error) {
    if (awsCodeOf(error) !== "InvalidRequestException") throw error;
    throw queryFailed(messageOf(error), request.source, error);
  }
}

async function followQuery(id: string, request: QueryRequest, step: StepReporter): Promise<QueryExecution> {
  let told = "";
  try {
    return await poll<QueryExecution>({
      what: `query ${id}`,
      every: 2000,
      within: request.within ?? 30 * 60_000,
      signal: step.signal,
      clock: step.clock,
      resume: "The query was stopped; give it more time, or let it read less.",
      probe: async () => {
        const answer = await step.clients
          .use(AthenaClient)
          .send(new GetQueryExecutionCommand({ QueryExecutionId: id }), { abortSignal: step.signal });
        const state = answer.QueryExecution?.Status?.State ?? "QUEUED";
        if (answer.QueryExecution && state !== "QUEUED" && state !== "RUNNING") {
          return { done: answer.QueryExecution };
        }
        if (state !== told) step.progress(state.toLowerCase());
        told = state;
        return { waiting: state.toLowerCase() };
      },
    });
  } catch (error) {
    await stopQuery(id, step);
    throw error;
  }
}

/** Stops a query that nobody waits for any more. Never throws: another error can be on its way to the user. */
export async function stopQuery(id: string, context: Context): Promise<void> {
  try {
    await context.clients.use(AthenaClient).send(new StopQueryExecutionCommand({ QueryExecutionId: id }), {
      abortSignal: AbortSignal.timeout(5000),
    });
  } catch (error) {
    note(context, "warning", `query ${id} could not be stopped and may go on: ${messageOf(error)}`);
  }
}
