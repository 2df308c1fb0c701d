/** What the stand-in answers. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that says why something is not done, as GitHub words it. */
export function answerMessage(
  status: number,
  message: string,
  more: { readonly headers?: Readonly<Record<string, string>>; readonly errors?: readonly object[] } = {},
): Answer {
  const { headers = {}, errors } = more;
  const body = { message, documentation_url: "https://docs.github.com/rest", status: String(status) };
  return { status, body: errors === undefined ? body : { ...body, errors }, headers };
}

/** GitHub's answer to a token that may not do this. */
export const notAccessible = answerMessage(403, "Resource not accessible by integration");

/** GitHub's answer where something is not there, or the token may not even know of it. */
export const missing = answerMessage(404, "Not Found");

/** GitHub's answer to a mistake in the body of a comment. */
export const invalidComment = (message: string): Answer =>
  answerMessage(422, "Validation Failed", {
    errors: [{ resource: "IssueComment", code: "unprocessable", field: "data", message }],
  });

/** GitHub's words for a comment that is too long. */
export const bodyIsTooLong = "Body is too long (maximum is 65536 characters)";
