import type { Host } from "./events.ts";
import { attemptsOf } from "./aws-errors.ts";
import { messageOf } from "./errors.ts";

/** Where and as whom AWS is called; what is left out is found by the SDK's own default chain. */
export interface AwsSettings {
  readonly region: string;
  /** Only for an AWS that is not at its usual address, such as the local lake. */
  readonly endpoint?: string | undefined;
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string } | undefined;
  /** Put into the user agent of every call, so that CloudTrail leads back to the run. */
  readonly runId?: string | undefined;
}

/** The settings that {@link createClients} gives to every SDK client. */
interface ClientConfiguration {
  region: string;
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  retryMode: string;
  maxAttempts: number;
  customUserAgent: [string, string][];
}

/** The part of an SDK client that the factory touches. */
interface SdkClient {
  destroy(): void;
  middlewareStack: { add(middleware: never, options: never): void };
}

/** One factory of AWS clients; a client is made at its first use and kept. */
export interface Clients {
  readonly region: string;
  readonly endpoint: string | undefined;
  /** The one client of that class: `clients.use(S3Client)`. */
  use<C extends SdkClient>(Client: new (configuration: ClientConfiguration) => C): C;
  /** Closes every connection. */
  close(): void;
}

/** The version in the user agent; kept equal to package.json by a test. */
export const version = "0.1.0";

/**
 * Makes the clients of one run. Retries are adaptive with at most 8 attempts (about 20 s of back-off in all), and
 * every call is told to the host as a `debug` note with its duration and attempts.
 */
export function createClients(settings: AwsSettings, host: Host): Clients {
  const made = new Map<unknown, SdkClient>();
  const configuration: ClientConfiguration = {
    region: settings.region,
    ...(settings.endpoint === undefined ? {} : { endpoint: settings.endpoint }),
    ...(settings.credentials === undefined ? {} : { credentials: settings.credentials }),
    retryMode: "adaptive",
    maxAttempts: 8,
    customUserAgent: [
      ["datalake-actions", version],
      ...(settings.runId === undefined ? [] : [["run", settings.runId] satisfies [string, string]]),
    ],
  };
  return {
    region: settings.region,
    endpoint: settings.endpoint,
    use<C extends SdkClient>(Client: new (configuration: ClientConfiguration) => C): C {
      const known = made.get(Client);
      if (known instanceof Client) return known;
      const client = new Client(configuration);
      client.middlewareStack.add(
        tellCalls(host, Client.name.replace(/Client$/, "")) as never,
        { step: "initialize", name: "tellCalls" } as never,
      );
      made.set(Client, client);
      return client;
    },
    close() {
      for (const client of made.values()) client.destroy();
    },
  };
}

interface Answer {
  output?: { $metadata?: { attempts?: number } };
}

/** SDK middleware that emits one note a call, around all its attempts. */
function tellCalls(host: Host, service: string) {
  return (next: (args: unknown) => Promise<Answer>, context: { commandName?: string }) =>
    async (args: unknown): Promise<Answer> => {
      const start = Date.now();
      const operation = (context.commandName ?? "call").replace(/Command$/, "");
      const tell = (attempts: number, error?: string) => {
        const call = { service, operation, milliseconds: Date.now() - start, attempts };
        const text = `${service} ${operation} ${call.milliseconds} ms${error === undefined ? "" : ` ${error}`}`;
        host.emit({
          kind: "note",
          id: "aws",
          parent: undefined,
          at: start,
          verb: "call",
          subject: service,
          level: "debug",
          text: attempts > 1 ? `${text} (${attempts} attempts)` : text,
          call: error === undefined ? call : { ...call, error },
        });
      };
      try {
        const answer = await next(args);
        tell(answer.output?.$metadata?.attempts ?? 1);
        return answer;
      } catch (error) {
        tell(attemptsOf(error), error instanceof Error ? error.name : messageOf(error));
        throw error;
      }
    };
}
