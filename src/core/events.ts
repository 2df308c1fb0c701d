/** Fields that every event has. `at` is milliseconds since the epoch; `id` names the step, `parent` the step around it. */
interface EventBase {
  readonly id: string;
  readonly parent: string | undefined;
  readonly at: number;
  /** What is being done: `deploy`, `crawl`, `upload`, `query`. */
  readonly verb: string;
  /** To what it is done: a layer, a zone, a file. */
  readonly subject: string;
}

/** How a step ended. */
export type Outcome = "done" | "unchanged" | "skipped" | "failed" | "cancelled";

/** Details of one AWS call, on the note that tells of it. */
export interface CallData {
  readonly service: string;
  readonly operation: string;
  readonly milliseconds: number;
  readonly attempts: number;
  /** The error's code when the call failed. */
  readonly error?: string;
}

/** A step began. */
export interface Started extends EventBase {
  readonly kind: "started";
}
/** A step moved on: `done` of `total` where they are known, and a short text of where it is. */
export interface Progress extends EventBase {
  readonly kind: "progress";
  readonly done?: number;
  readonly total?: number;
  readonly text: string;
}
/** A step ended; `text` is its result in a few words. */
export interface Finished extends EventBase {
  readonly kind: "finished";
  readonly outcome: Outcome;
  readonly text: string;
}
/** Something worth saying beside the steps. `debug` notes carry AWS calls. */
export interface Note extends EventBase {
  readonly kind: "note";
  readonly level: "debug" | "info" | "warning";
  readonly text: string;
  readonly call?: CallData;
}

/** Work that goes on in AWS by itself once it has begun, whether or not somebody still waits for it. */
export type RemoteWork =
  | {
      readonly type: "stack";
      readonly stackId: string;
      /** The name of the change set by which it is changed. */
      readonly changeSet: string;
      readonly operation: "CREATE" | "UPDATE";
    }
  | { readonly type: "crawl"; readonly crawler: string }
  | {
      readonly type: "step";
      readonly clusterId: string;
      readonly stepId: string;
      readonly transient: boolean;
    }
  | { readonly type: "query"; readonly id: string };

/** Work began in AWS, or nobody has to look after it any more. */
export interface Remote extends EventBase {
  readonly kind: "remote";
  readonly work: RemoteWork;
  readonly running: boolean;
}

/** Everything a run tells: terminal, plain log, Gantt chart, trace file and `--json` all derive from this stream. */
export type LakeEvent = Started | Progress | Finished | Note | Remote;

/** A question that must be answered before something irreversible is done. */
export interface Question {
  readonly text: string;
  /** What is going to happen, a line each. */
  readonly details: readonly string[];
}

/** Who listens to a run: a terminal, a log, a test. */
export interface Host {
  emit(event: LakeEvent): void;
  /** Keeps a secret out of whatever is told from here on. */
  mask(secret: string): void;
  /** Whether to go on; a host that cannot ask answers false. */
  confirm(question: Question): Promise<boolean>;
}

/** A host that hears everything and says nothing; it refuses every question. */
export const silentHost: Host = {
  emit: () => undefined,
  mask: () => undefined,
  confirm: () => Promise.resolve(false),
};
