/**
 * The account that a principal belongs to: twelve digits, an ARN, or Lake Formation's `<account>:IAMPrincipals`;
 * undefined for services, wildcards and whatever else names none.
 */
export function accountOf(principal: string): string | undefined {
  const [, bare] = /^(\d{12})(?::|$)/.exec(principal) ?? [];
  if (bare !== undefined) return bare;
  if (!principal.startsWith("arn:")) return undefined;
  const account = principal.split(":", 5)[4] ?? "";
  return /^\d{12}$/.test(account) ? account : undefined;
}

/**
 * The names a list in the settings may know a principal by: its ARN, and the bare name of its role or user, the same for a role
 * and for a session of it.
 */
export function namesOf(principal: string): string[] {
  const [, session] = /^arn:[^:]*:sts::[^:]*:assumed-role\/([^/]+)\//.exec(principal) ?? [];
  const last =
    session ?? principal.slice(Math.max(principal.lastIndexOf("/"), principal.lastIndexOf(":")) + 1);
  return last === principal || last === "" ? [principal] : [principal, last];
}

/** Whether AWS itself acts: a service, or a role that only a service may assume. */
export function isServiceActor(principal: { readonly type: string | undefined; readonly actor: string }) {
  return principal.type === "AWSService" || principal.actor.includes(":role/aws-service-role/");
}

/** The bucket of `s3://bucket/key` (also s3a and s3n), `arn:aws:s3:::bucket/key`, or the text itself. */
export function bucketOf(place: string): string {
  const [, bucket] = /^(?:s3[an]?:\/\/|arn:[^:]*:s3:::)([^/]*)/i.exec(place) ?? [];
  return bucket ?? place;
}
