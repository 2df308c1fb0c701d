import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { LakeError, note, type Context } from "../core/index.ts";
import type { Environment } from "../lake/index.ts";

/**
 * Says account, region and endpoint, and makes sure that the account is the one lake.yaml names.
 *
 * @returns the account's id.
 * @throws LakeError `account-mismatch`, before anything is changed.
 */
export async function guardAccount(environment: Environment, context: Context): Promise<string> {
  const identity = await context.clients
    .use(STSClient)
    .send(new GetCallerIdentityCommand({}), { abortSignal: context.signal });
  const account = identity.Account ?? "unknown";
  if (environment.account !== undefined && environment.account !== account) {
    throw new LakeError(
      "account-mismatch",
      `these credentials are for account ${account}, but environment ${environment.name} belongs to ${environment.account}`,
      {
        hint: "Use credentials of that account; nothing was changed.",
        place: environment.lake.place("environments", environment.name, "account"),
      },
    );
  }
  const { region, endpoint } = context.clients;
  note(
    context,
    "info",
    `account ${account}, region ${region}, ${endpoint === undefined ? "AWS" : `endpoint ${endpoint}`}`,
  );
  return account;
}
