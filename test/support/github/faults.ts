/** What the stand-in answers. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What happens to a request instead of, or after, being served. `reset` cuts the connection; `served` says whether what
 * was asked for is done nevertheless, so that only the answer is lost; `hang` never answers.
 */
export type Fault =
  | { readonly kind: "answer"; readonly answer: Answer; readonly served: boolean }
  | { readonly kind: "reset"; readonly served: boolean }
  | { readonly kind: "hang" };

const documentation = "https://docs.github.com/rest";

const answerWith = (
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  more: object = {},
  served = false,
): Fault => ({
  kind: "answer",
  answer: {
    status,
    body: { message, ...more, documentation_url: documentation, status: String(status) },
    headers,
  },
  served,
});

/** The answer to a token that may not do this: GITHUB_TOKEN on a pull request from a fork, for one. */
export const forbidden = (): Fault => answerWith(403, "Resource not accessible by integration");

/** The answer where something is not there, or the token may not even know of it. */
export const notFound = (): Fault => answerWith(404, "Not Found");

/** The answer to a comment of more than 65,536 characters. */
export const bodyTooLong = (): Fault =>
  answerWith(
    422,
    "Validation Failed",
    {},
    {
      errors: [
        {
          resource: "IssueComment",
          code: "unprocessable",
          field: "data",
          message: "Body is too long (maximum is 65536 characters)",
        },
      ],
    },
  );

/** The hourly limit is used up until `resetIn` seconds from now. GitHub answers 403 or 429. */
export const primaryLimit = ({ resetIn, status = 403 }: { resetIn: number; status?: 403 | 429 }): Fault =>
  answerWith(status, "API rate limit exceeded for installation ID 1.", {
    "x-ratelimit-limit": "1000",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(Math.floor(Date.now() / 1000) + resetIn),
  });

/** Too many requests at once; GitHub says in seconds when to come again, or nothing. */
export const secondaryLimit = ({
  retryAfter,
  status = 403,
}: { retryAfter?: number; status?: 403 | 429 } = {}): Fault =>
  answerWith(
    status,
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    retryAfter === undefined ? {} : { "retry-after": String(retryAfter) },
  );

/** GitHub has trouble; `served` says whether it did what was asked for nevertheless. */
export const serverError = ({ served = false, status = 500 } = {}): Fault =>
  answerWith(status, "Server Error", {}, {}, served);

/** The connection ends without an answer; `served` says whether what was asked for is done nevertheless. */
export const connectionReset = ({ served = false } = {}): Fault => ({ kind: "reset", served });

/** No answer ever comes. */
export const silence = (): Fault => ({ kind: "hang" });

/** A page of some proxy's own instead of an answer of GitHub's. */
export const proxyPage = (): Fault => ({
  kind: "answer",
  answer: { status: 200, body: "<html>Please log in</html>", headers: { "content-type": "text/html" } },
  served: false,
});
