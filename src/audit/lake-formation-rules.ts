import {
  belongs,
  calledBy,
  has,
  is,
  isExternal,
  isForeign,
  isUnlisted,
  parameters,
  someAnswer,
} from "./conditions.ts";
import { byActor, minutesOf } from "./correlate.ts";
import type { AuditRecord } from "./record.ts";
import type { Answer, Rule, Test } from "./rule.ts";
import type { Settings } from "./settings.ts";
import { textsAt, valuesAt } from "./values.ts";

const sources = ["lakeformation"];
const grant = { sources, names: ["GrantPermissions", "BatchGrantPermissions"] };
const putSettings = { sources, names: ["PutDataLakeSettings"] };
const everybody = "IAM_ALLOWED_PRINCIPALS";
const admins = "dataLakeSettings.dataLakeAdmins.dataLakePrincipalIdentifier";

/** The grants of a call: its own, and each entry of a batch. */
const entriesOf = (given: unknown): unknown[] => [given, ...valuesAt(given, "entries")];

function grantsTo(
  says: string,
  ask: (principal: string, record: AuditRecord, settings: Settings) => Answer,
): Test {
  return parameters(says, (given, record, settings) => {
    const principals = entriesOf(given).flatMap((entry) =>
      textsAt(entry, "principal.dataLakePrincipalIdentifier"),
    );
    return someAnswer(principals, (principal) => ask(principal, record, settings));
  });
}

function grantsSome(says: string, ask: (permission: string, entry: unknown) => boolean, path: string): Test {
  return parameters(says, (given) =>
    entriesOf(given).some((entry) => textsAt(entry, path).some((permission) => ask(permission, entry))),
  );
}

const isSuper = (permission: string): boolean =>
  ["ALL", "SUPER_USER", "DATA_LOCATION_ACCESS"].includes(permission);

/** Organizations and their units are outside by nature: their ARNs name the management account. */
function isOutsider(principal: string, record: AuditRecord, settings: Settings): Answer {
  if (/^arn:[^:]*:organizations:/.test(principal)) return !settings.lists.accounts.has(principal);
  return isExternal(principal, record, settings);
}

const unknownAdmin = isUnlisted(admins, "lakeAdmins");
const missingAdmin = parameters("an administrator of the settings is missing", (given, _record, settings) => {
  const { isKnown, names } = settings.lists.lakeAdmins;
  if (!isKnown) return undefined;
  const now = textsAt(given, admins);
  return names.some(
    (name) => !name.includes("*") && !now.some((admin) => admin === name || admin.endsWith(`/${name}`)),
  );
});

/** What Lake Formation's records show. Parameter paths are those of its API, first letters in lower case. */
export const lakeFormationRules: readonly Rule[] = [
  {
    id: "lf-grant-iam-allowed-principals",
    title: "Lake Formation bypass granted",
    tactic: "TA0005",
    needs: "writes",
    checks: [
      {
        ...grant,
        severity: "high",
        when: [grantsTo(`the grant is to ${everybody}`, (principal) => principal === everybody)],
      },
    ],
    why: "A grant to IAM_ALLOWED_PRINCIPALS hands the table back to plain IAM: column and row filters stop applying.",
    fix: "Revoke the grant and give the permission to the roles that need it.",
    from: "AWS Lake Formation developer guide",
  },
  {
    id: "lf-grant-with-grant-option",
    title: "Super permission or right to grant given",
    tactic: "TA0004",
    needs: "writes",
    checks: [
      {
        ...grant,
        severity: "high",
        when: [
          {
            any: [
              grantsSome("a super permission is granted", isSuper, "permissions"),
              grantsSome("a super permission may be passed on", isSuper, "permissionsWithGrantOption"),
            ],
          },
        ],
      },
      {
        ...grant,
        severity: "medium",
        when: [
          {
            any: [
              grantsSome("a permission may be passed on", () => true, "permissionsWithGrantOption"),
              grantsSome(
                "databases may be created in the catalog",
                (permission, entry) =>
                  permission === "CREATE_DATABASE" && valuesAt(entry, "resource.catalog").length > 0,
                "permissions",
              ),
            ],
          },
        ],
      },
    ],
    why: "Whoever holds it can spread access to the lake without its administrators.",
    fix: "Grant the few permissions that are needed (SELECT, DESCRIBE), without the grant option.",
    from: "Lake Formation API, Permission",
  },
  {
    id: "lf-grant-external-principal",
    title: "Catalog shared outside the account",
    tactic: "TA0010",
    needs: "writes",
    checks: [{ ...grant, severity: "high", when: [grantsTo("the grant is to another account", isOutsider)] }],
    why: "The grant shares tables through Resource Access Manager: their data can be read from another account.",
    fix: "Revoke the grant, or add the account to `accounts` of the audit settings if the share is meant.",
    from: "Lake Formation API, DataLakePrincipal",
  },
  {
    id: "lf-admin-added",
    title: "Data lake administrators changed",
    tactic: "TA0004",
    needs: "writes",
    checks: [
      { ...putSettings, severity: "critical", when: [unknownAdmin] },
      { ...putSettings, severity: "high", when: [missingAdmin] },
    ],
    why: "Administrators can grant themselves any table, and the call replaces the whole list.",
    fix: "Deploy the governance layer again, which puts the administrators back that the lake names.",
    from: "AWS Lake Formation developer guide",
  },
  {
    id: "lf-default-permissions-opened",
    title: "New tables are open to IAM by default",
    tactic: "TA0005",
    needs: "writes",
    checks: [
      {
        ...putSettings,
        severity: "high",
        when: [
          {
            any: ["createDatabaseDefaultPermissions", "createTableDefaultPermissions"].map((name) =>
              is(`dataLakeSettings.${name}.principal.dataLakePrincipalIdentifier`, everybody),
            ),
          },
        ],
      },
    ],
    why: "Every table that a crawler makes from now on escapes Lake Formation.",
    fix: "Set both default permission lists to empty.",
    from: "Lake Formation API, DataLakeSettings",
  },
  {
    id: "lf-external-engine-access",
    title: "External engines may read unfiltered data",
    tactic: "TA0010",
    needs: "writes",
    checks: [
      {
        ...putSettings,
        severity: "high",
        when: [
          {
            any: [
              is("dataLakeSettings.allowFullTableExternalDataAccess", "true"),
              {
                all: [
                  is("dataLakeSettings.allowExternalDataFiltering", "true"),
                  isForeign("dataLakeSettings.externalDataFilteringAllowList.dataLakePrincipalIdentifier"),
                ],
              },
              isForeign("dataLakeSettings.trustedResourceOwners"),
            ],
          },
        ],
      },
    ],
    why: "Engines outside AWS's own get credentials for the storage and decide themselves what to filter.",
    fix: "Turn the setting off, or add the account to `accounts` of the audit settings if it is trusted.",
    from: "Lake Formation API, DataLakeSettings",
  },
  {
    id: "lf-location-deregistered",
    title: "Data location removed from Lake Formation",
    tactic: "TA0005",
    needs: "writes",
    checks: [
      {
        sources,
        names: ["DeregisterResource"],
        severity: "high",
        when: [belongs("buckets", "resourceArn")],
      },
    ],
    why: "Lake Formation gives out no credentials for it any more: bucket policies decide alone, or jobs fail.",
    fix: "Register the location again: deploy the governance layer.",
    from: "Lake Formation API",
  },
  {
    id: "lf-location-hybrid-or-privileged",
    title: "Location registered in a weaker mode",
    tactic: "TA0005",
    needs: "writes",
    checks: [
      {
        sources,
        names: ["RegisterResource", "UpdateResource"],
        severity: "medium",
        when: [
          {
            any: [
              is("hybridAccessEnabled", "true"),
              is("withPrivilegedAccess", "true"),
              isUnlisted("roleArn", "lakeRoles"),
            ],
          },
        ],
      },
    ],
    why: "In hybrid mode only principals that opted in are governed; a privileged caller or an unknown role sees all.",
    fix: "Register the location with the lake's own role and without the hybrid mode.",
    from: "Lake Formation API",
  },
  {
    id: "lf-filter-or-tag-removed",
    title: "Row or column filter or tag removed",
    tactic: "TA0005",
    needs: "writes",
    checks: [
      {
        sources,
        names: ["DeleteDataCellsFilter", "UpdateDataCellsFilter"],
        severity: "high",
        when: [belongs("databases", "databaseName", "tableData.databaseName")],
      },
      { sources, names: ["DeleteLFTag", "RemoveLFTagsFromResource"], severity: "medium", when: [] },
      { sources, names: ["UpdateLFTag"], severity: "medium", when: [has("tagValuesToDelete")] },
    ],
    why: "Masking lives in these objects: without them a grant shows rows and columns it hid before.",
    fix: "Put the filter or tag back: deploy the governance layer.",
    from: "Lake Formation API",
  },
  {
    id: "lf-revoke-mass",
    title: "Many permissions revoked at once",
    tactic: "TA0040",
    needs: "writes",
    checks: [
      {
        sources,
        names: ["RevokePermissions", "BatchRevokePermissions"],
        severity: "medium",
        when: [{ no: calledBy("deployRoles") }],
        together: {
          kind: "burst",
          key: byActor,
          atLeast: ({ burstRevokes }) => burstRevokes,
          within: minutesOf,
          weight: ({ parameters: given }) => Math.max(1, valuesAt(given, "entries").length),
        },
      },
    ],
    why: "It locks analysts and jobs out of the tables.",
    fix: "Ask the caller; deploying the governance layer puts the lake's own grants back.",
    from: "Lake Formation API",
  },
];
