import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { completeAnswer } from "./complete.ts";
import { answerMessage, missing, notAccessible, type Answer } from "./answers.ts";
import type { Fault } from "./faults.ts";
import { Interference } from "./interference.ts";
import { operations, type Served } from "./operations.ts";
import type { Place } from "./render.ts";
import { GitHubState } from "./state.ts";
import { createValidator, type Incoming, type Validator } from "./validate.ts";

/** Who a token stands for. */
export interface Identity {
  readonly login: string;
  /** The token of an app, such as GITHUB_TOKEN: `GET /user` is not for it. */
  readonly isInstallation: boolean;
  /** It may not change anything, as GITHUB_TOKEN on a pull request from a fork. */
  readonly isReadOnly: boolean;
  /** Whether the GraphQL API answers it. Default: true. */
  readonly knowsViewer?: boolean;
}

/** A request that the stand-in got. */
export interface LoggedRequest {
  /** The operationId of GitHub's description, "graphql", or "unknown". */
  readonly operation: string;
  readonly method: string;
  /** The path with its query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A running stand-in for GitHub's API. */
export interface GitHub {
  /** What a process needs to take it for GitHub; its token is GITHUB_TOKEN, of "github-actions[bot]". */
  readonly variables: Readonly<
    Record<"GITHUB_API_URL" | "GITHUB_GRAPHQL_URL" | "GITHUB_REPOSITORY" | "GITHUB_TOKEN", string>
  >;
  readonly url: string;
  readonly token: string;
  /** `owner/name` of the only repository it has. */
  readonly repository: string;
  readonly state: GitHubState;
  /** All requests so far, from the oldest. */
  readonly requests: readonly LoggedRequest[];
  /** How requests and answers did not fit GitHub's description. */
  readonly violations: readonly string[];
  /** Makes things happen to requests of an operation. */
  readonly interference: Interference;
  addToken(token: string, identity: Identity): void;
  /**
   * Stops it.
   * @throws Error if a request or an answer did not fit GitHub's description.
   */
  close(): Promise<void>;
}

/** All stand-ins of a process share it, because it compiles what it needs but once. */
let validator: Promise<Validator> | undefined;
const actionsToken = "ghs_standInTokenOfGitHubActions0000000000";

/** Starts a stand-in on 127.0.0.1, on a free port; `repository` has no pull request yet. */
export async function startGitHub(repository = "acme/shop"): Promise<GitHub> {
  const [owner = "", repo = ""] = repository.split("/");
  validator ??= createValidator();
  const state = new GitHubState();
  const desk = new Desk(await validator, state);
  desk.identities.set(actionsToken, {
    login: "github-actions[bot]",
    isInstallation: true,
    isReadOnly: false,
  });
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    const place = { url: `http://127.0.0.1:${port}`, owner, repo };
    desk.serve(request, response, place).catch((error: unknown) => {
      desk.violations.push(`the stand-in broke: ${String(error)}`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    variables: {
      GITHUB_API_URL: url,
      GITHUB_GRAPHQL_URL: `${url}/graphql`,
      GITHUB_REPOSITORY: repository,
      GITHUB_TOKEN: actionsToken,
    },
    url,
    token: actionsToken,
    repository,
    state,
    requests: desk.requests,
    violations: desk.violations,
    interference: desk.interference,
    addToken: (token, identity) => desk.identities.set(token, identity),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (desk.violations.length > 0) throw new Error(desk.violations.join("\n"));
    },
  };
}

/** Takes one request after the other to who can serve it. */
class Desk {
  readonly identities = new Map<string, Identity>();
  readonly requests: LoggedRequest[] = [];
  readonly violations: string[] = [];
  readonly interference = new Interference();
  readonly #validator: Validator;
  readonly #state: GitHubState;

  constructor(validator: Validator, state: GitHubState) {
    this.#validator = validator;
    this.#state = state;
  }

  async serve(request: IncomingMessage, response: ServerResponse, place: Place): Promise<void> {
    const incoming = await readRequest(request);
    const matched = this.#validator.match(incoming);
    const operation = incoming.path === "/graphql" ? "graphql" : (matched?.id ?? "unknown");
    const { method, headers, body } = incoming;
    this.requests.push({ operation, method, url: request.url ?? "", headers, body });
    const fault = await this.interference.meet(operation);
    const answer = isServed(fault) ? this.#answer(incoming, matched, place) : undefined;
    if (fault?.kind === "hang") return;
    if (fault?.kind === "reset") response.socket?.resetAndDestroy();
    else send(response, fault?.answer() ?? answer ?? { status: 500 });
  }

  #answer(
    incoming: Incoming,
    matched: { id: string; parameters: Record<string, string> } | undefined,
    place: Place,
  ): Answer {
    const token = /^(?:token|bearer) (.+)$/i.exec(incoming.headers["authorization"] ?? "")?.[1] ?? "";
    const identity = this.identities.get(token);
    if (identity === undefined) return answerMessage(401, "Bad credentials");
    if (incoming.path === "/graphql") return answerGraphql(incoming.body, identity);
    if (matched === undefined)
      return this.#refuse(404, `${incoming.method} ${incoming.path} is no operation`);
    const mistakes = this.#validator.checkRequest(incoming, matched.id);
    if (mistakes.length > 0) return this.#refuse(422, `${matched.id}: ${mistakes.join("; ")}`);
    return this.#operate(incoming, matched, identity, place);
  }

  #operate(
    incoming: Incoming,
    { id, parameters }: { id: string; parameters: Record<string, string> },
    identity: Identity,
    place: Place,
  ): Answer {
    const isHere = parameters["owner"] === undefined || parameters["owner"] === place.owner;
    if (!isHere) return missing;
    if (identity.isReadOnly && incoming.method !== "get") return notAccessible;
    const request: Served = {
      ...identity,
      path: incoming.path,
      parameters,
      query: new URLSearchParams(incoming.query),
      body: incoming.body,
    };
    const answer = operations[id]?.(request, this.#state, place);
    if (answer === undefined) throw new Error(`nothing serves ${id}`);
    return this.#checkAnswer(id, answer);
  }

  #checkAnswer(operation: string, answer: Answer): Answer {
    if (answer.status >= 300 || answer.status === 204) return answer;
    const body = completeAnswer(operation, answer.status, answer.body);
    const mistakes = this.#validator.checkAnswer(body, operation, answer.status);
    for (const mistake of mistakes) this.violations.push(`${operation} answered: ${mistake}`);
    return { ...answer, body };
  }

  #refuse(status: number, violation: string): Answer {
    this.violations.push(violation);
    return answerMessage(status, violation);
  }
}

const isServed = (fault: Fault | undefined): boolean =>
  fault === undefined || (fault.kind !== "hang" && fault.served);

/** Of GraphQL the stand-in knows one question: who am I? */
function answerGraphql(body: unknown, { login, knowsViewer = true }: Identity): Answer {
  const asksViewer = JSON.stringify(body).includes("viewer");
  if (asksViewer && knowsViewer) return { status: 200, body: { data: { viewer: { login } } } };
  const error = { type: "FORBIDDEN", message: "Resource not accessible by integration" };
  return { status: 200, body: { data: null, errors: [error] } };
}

async function readRequest(request: IncomingMessage): Promise<Incoming> {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const raw = await text(request);
  return {
    method: (request.method ?? "get").toLowerCase(),
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]) =>
        typeof value === "string" ? [[name, value]] : [],
      ),
    ),
    body: raw === "" ? undefined : (JSON.parse(raw) as unknown),
  };
}

function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(body === undefined || typeof body === "string" ? body : JSON.stringify(body));
}
