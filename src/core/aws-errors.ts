import { LakeError, messageOf } from "./errors.ts";

const throttlingCodes = new Set([
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
  "RequestLimitExceeded",
  "SlowDown",
]);
const denialCodes = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "UnauthorizedOperation",
  "UnauthorizedAccess",
]);
const credentialCodes = new Set([
  "CredentialsProviderError",
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidClientTokenId",
  "UnrecognizedClientException",
  "SignatureDoesNotMatch",
]);

/** The code of an AWS error (`NoSuchBucket`), or undefined where it is none. */
export function awsCodeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && "$metadata" in thrown ? thrown.name : undefined;
}

/** How often a call that failed was sent; 1 where the error does not say it. */
export function attemptsOf(thrown: unknown): number {
  const metadata = (thrown as { $metadata?: { attempts?: number } } | undefined)?.$metadata;
  return metadata?.attempts ?? 1;
}

/**
 * Any thrown thing as a {@link LakeError}: ours unchanged, an abort as `cancelled`, AWS's errors by what a user can do
 * about them, the rest as `internal`.
 */
export function toLakeError(thrown: unknown, signal?: AbortSignal): LakeError {
  if (thrown instanceof LakeError) return thrown;
  if (signal?.aborted === true) {
    if (signal.reason instanceof LakeError) return signal.reason;
    return new LakeError("cancelled", "cancelled", { cause: thrown });
  }
  return (
    fromConnection(thrown) ??
    fromAws(thrown) ??
    new LakeError("internal", messageOf(thrown), { cause: thrown })
  );
}

function fromConnection(thrown: unknown): LakeError | undefined {
  const code = (thrown as { code?: unknown } | undefined)?.code;
  if (code === "ECONNREFUSED") {
    return new LakeError("local-lake-down", `nothing answers at the endpoint (${messageOf(thrown)})`, {
      hint: "Start the local lake (`datalake local start`, the action local-lake), or unset AWS_ENDPOINT_URL to reach AWS.",
      cause: thrown,
    });
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "ECONNRESET" || code === "ETIMEDOUT") {
    return new LakeError("aws-error", `AWS could not be reached (${messageOf(thrown)})`, {
      hint: "Check the network and the region's name, then run the same command again.",
      cause: thrown,
    });
  }
  return undefined;
}

function fromAws(thrown: unknown): LakeError | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const text = `${thrown.name}: ${thrown.message}`;
  if (credentialCodes.has(thrown.name)) {
    return new LakeError("credentials-missing", text, {
      hint: "Sign in (`aws sso login`; in a workflow aws-actions/configure-aws-credentials), or use the local lake.",
      cause: thrown,
    });
  }
  if (denialCodes.has(thrown.name)) {
    return new LakeError("access-denied", text, {
      hint: "Give the role that runs this the permission named in the message, then run the same command again.",
      cause: thrown,
    });
  }
  if (throttlingCodes.has(thrown.name)) {
    return new LakeError("throttled", text, {
      hint: "AWS went on refusing after 8 attempts; wait a minute and run the same command again.",
      cause: thrown,
    });
  }
  if (awsCodeOf(thrown) === undefined) return undefined;
  const attempts = attemptsOf(thrown);
  const hint =
    attempts > 1
      ? `AWS went on failing after ${attempts} attempts; run the same command again later.`
      : undefined;
  return new LakeError("aws-error", text, { hint, cause: thrown });
}
