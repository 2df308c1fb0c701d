import addFormats from "ajv-formats";
import { OpenAPIBackend, type Document } from "openapi-backend";
import { description } from "./complete.ts";

/** A request as it came, or the operation of GitHub's description that it is. */
export interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

/** Holds requests and answers to GitHub's own description of its API. */
export interface Validator {
  /** The operation that a request is, with its path's parameters; undefined where GitHub's description has none. */
  match(request: Incoming): { id: string; parameters: Record<string, string> } | undefined;
  /** What is wrong with a request: nothing, most of the time. */
  checkRequest(request: Incoming, operation: string): readonly string[];
  /** What is wrong with the body of an answer. */
  checkAnswer(body: unknown, operation: string, status: number): readonly string[];
}

interface Mistake {
  readonly instancePath: string;
  readonly message?: string;
}
const format = (errors: readonly Mistake[] | null | undefined): string[] =>
  (errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? "is wrong"}`.trim());

/** Starts a validator; it compiles what it needs when it needs it, because all at once would take seconds. */
export async function createValidator(): Promise<Validator> {
  const backend = new OpenAPIBackend({
    definition: description as unknown as Document,
    quick: true,
    coerceTypes: true,
    // GitHub's description has keywords without a type, which ajv's strict mode refuses.
    ajvOpts: { strict: false },
    customizeAjv: (ajv) => {
      addFormats.default(ajv);
      return ajv;
    },
  });
  await backend.init();
  return {
    match: (request) => {
      const operation = backend.matchOperation(request);
      if (operation?.operationId === undefined) return undefined;
      const parsed: { params: unknown } = backend.router.parseRequest(request, operation);
      return { id: operation.operationId, parameters: parsed.params as Record<string, string> };
    },
    checkRequest: (request, operation) => format(backend.validateRequest(request, operation).errors),
    checkAnswer: (body, operation, status) =>
      format(backend.validateResponse(body, operation, status).errors),
  };
}
