import {
  answerMessage,
  bodyIsTooLong,
  invalidComment,
  missing,
  notAccessible,
  type Answer,
} from "./answers.ts";

/**
 * What happens to a request instead of, or after, being served: another answer, or a cut connection (`reset`); `served`
 * says whether what was asked for is done nevertheless, so that only its answer is lost. `hang` never answers.
 */
export type Fault =
  | { readonly kind: "answer"; readonly answer: () => Answer; readonly served: boolean }
  | { readonly kind: "reset"; readonly served: boolean }
  | { readonly kind: "hang" };

const instead = (answer: () => Answer): Fault => ({ kind: "answer", answer, served: false });

/** The answer to a token that may not do this: GITHUB_TOKEN on a pull request from a fork, for one. */
export const forbidden = (): Fault => instead(() => notAccessible);

/** The answer where something is not there, or the token may not even know of it. */
export const notFound = (): Fault => instead(() => missing);

/** The answer to a comment of more than 65,536 characters. */
export const bodyTooLong = (): Fault => instead(() => invalidComment(bodyIsTooLong));

/** The hourly limit is used up until `resetIn` seconds after the answer. GitHub answers 403 or 429. */
export const primaryLimit = ({ resetIn, status = 403 }: { resetIn: number; status?: 403 | 429 }): Fault =>
  instead(() =>
    answerMessage(status, "API rate limit exceeded for installation ID 1.", {
      headers: {
        "x-ratelimit-limit": "1000",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": String(Math.floor(Date.now() / 1000) + resetIn),
      },
    }),
  );

/** Too many requests at once; GitHub says in seconds when to come again, or nothing. */
export const secondaryLimit = ({
  retryAfter,
  status = 403,
}: { retryAfter?: number; status?: 403 | 429 } = {}): Fault =>
  instead(() =>
    answerMessage(status, "You have exceeded a secondary rate limit. Please wait before you try again.", {
      headers: retryAfter === undefined ? {} : { "retry-after": String(retryAfter) },
    }),
  );

/** GitHub has trouble; `served` says whether it did what was asked for nevertheless. */
export const serverError = ({ served = false, status = 500 } = {}): Fault => ({
  kind: "answer",
  answer: () => answerMessage(status, "Server Error"),
  served,
});

/** The connection ends without an answer; `served` says whether what was asked for is done nevertheless. */
export const connectionReset = ({ served = false } = {}): Fault => ({ kind: "reset", served });

/** No answer ever comes. */
export const silence = (): Fault => ({ kind: "hang" });

/** A page of some proxy's own instead of an answer of GitHub's. */
export const proxyPage = (): Fault =>
  instead(() => ({
    status: 200,
    body: "<html>Please log in</html>",
    headers: { "content-type": "text/html" },
  }));

/** A list that does not have yet what was written last. */
export const staleList = (): Fault => instead(() => ({ status: 200, body: [] }));
