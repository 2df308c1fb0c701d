import { hit, hits, type Case } from "./case.ts";
import { call, foreign, own, repeat, session, trusted } from "./records.ts";

const analyst = `arn:aws:iam::${own}:role/analyst`;
const table = { table: { databaseName: "dl-db", name: "orders" } };
const to = (principal: string, permissions: string[], more = {}) => ({
  principal: { dataLakePrincipalIdentifier: principal },
  resource: table,
  permissions,
  permissionsWithGrantOption: [] as string[],
  ...more,
});
const grant = (principal: string, permissions = ["SELECT"], more = {}) =>
  call("lakeformation:GrantPermissions", to(principal, permissions, more));
const batch = (principal: string, permissions = ["SELECT"], more = {}) =>
  call("lakeformation:BatchGrantPermissions", {
    entries: [
      { id: "1", ...to(analyst, ["SELECT"]) },
      { id: "2", ...to(principal, permissions, more) },
    ],
  });
const who = "requestParameters.principal.dataLakePrincipalIdentifier";
const whoInBatch = "requestParameters.entries.1.principal.dataLakePrincipalIdentifier";
const put = (dataLakeSettings: object) => call("lakeformation:PutDataLakeSettings", { dataLakeSettings });
const lake = "requestParameters.dataLakeSettings";
const everybody = { dataLakePrincipalIdentifier: "IAM_ALLOWED_PRINCIPALS" };
const admin = { dataLakePrincipalIdentifier: `arn:aws:iam::${own}:role/dl-admin` };
const other = { dataLakePrincipalIdentifier: `arn:aws:iam::${own}:role/other` };
const bucket = "arn:aws:s3:::dl-raw/landing";
const stranger = session("stranger");
const revoke = call("lakeformation:RevokePermissions", to(analyst, ["SELECT"]), stranger);
const ten = repeat(revoke, 10, 60);

/** Cases of Lake Formation's rules. */
export const lakeFormationCases: Readonly<Record<string, readonly Case[]>> = {
  "lf-grant-iam-allowed-principals": [
    hit("high", grant("IAM_ALLOWED_PRINCIPALS"), [who, analyst], [who, "IAM_ALLOWED"]),
    hit("high", batch("IAM_ALLOWED_PRINCIPALS"), [whoInBatch, analyst]),
  ],
  "lf-grant-with-grant-option": [
    hit(
      "high",
      grant(analyst, ["ALL"]),
      ["requestParameters.permissions", ["SELECT"]],
      ["requestParameters.permissions.0", "DESCRIBE"],
    ),
    hit("high", batch(analyst, ["DATA_LOCATION_ACCESS"]), ["requestParameters.entries.1.permissions", []]),
    hit("high", grant(analyst, ["SELECT"], { permissionsWithGrantOption: ["SUPER_USER"] })),
    hit("medium", grant(analyst, ["SELECT"], { permissionsWithGrantOption: ["SELECT"] }), [
      "requestParameters.permissionsWithGrantOption",
      [],
    ]),
    hit("medium", batch(analyst, ["SELECT"], { permissionsWithGrantOption: ["SELECT"] })),
    hit("medium", grant(analyst, ["CREATE_DATABASE"], { resource: { catalog: {} } }), [
      "requestParameters.resource",
      { database: { name: "dl-db" } },
    ]),
  ],
  "lf-grant-external-principal": [
    hit("high", grant(foreign), [who, trusted], [who, own]),
    hit("high", batch(`${foreign}:IAMPrincipals`), [whoInBatch, `${own}:IAMPrincipals`]),
    hit("high", grant(`arn:aws:organizations::${own}:organization/o-1`), [who, analyst]),
  ],
  "lf-admin-added": [
    hit(
      "critical",
      put({ dataLakeAdmins: [admin, other] }),
      [`${lake}.dataLakeAdmins`, [admin]],
      [`${lake}.dataLakeAdmins.1`, admin],
    ),
    hit("high", put({ dataLakeAdmins: [] }), [`${lake}.dataLakeAdmins`, [admin]]),
  ],
  "lf-default-permissions-opened": [
    hit(
      "high",
      put({ createTableDefaultPermissions: [{ principal: everybody, permissions: ["ALL"] }] }),
      [`${lake}.createTableDefaultPermissions`, []],
      [`${lake}.createTableDefaultPermissions.0.principal`, other],
    ),
    hit("high", put({ createDatabaseDefaultPermissions: [{ principal: everybody, permissions: ["ALL"] }] }), [
      `${lake}.createDatabaseDefaultPermissions`,
      [],
    ]),
  ],
  "lf-external-engine-access": [
    hit(
      "high",
      put({ allowFullTableExternalDataAccess: true }),
      [`${lake}.allowFullTableExternalDataAccess`, false],
      [`${lake}.allowFullTableExternalDataAccess`, undefined],
    ),
    hit(
      "high",
      put({
        allowExternalDataFiltering: true,
        externalDataFilteringAllowList: [{ dataLakePrincipalIdentifier: foreign }],
      }),
      [`${lake}.allowExternalDataFiltering`, false],
      [`${lake}.externalDataFilteringAllowList.0.dataLakePrincipalIdentifier`, trusted],
    ),
    hit("high", put({ trustedResourceOwners: [foreign] }), [`${lake}.trustedResourceOwners.0`, trusted]),
  ],
  "lf-location-deregistered": [
    hit(
      "high",
      call("lakeformation:DeregisterResource", { resourceArn: bucket }),
      ["requestParameters.resourceArn", "arn:aws:s3:::elsewhere/landing"],
      ["eventName", "DescribeResource"],
    ),
  ],
  "lf-location-hybrid-or-privileged": [
    hit(
      "medium",
      call("lakeformation:RegisterResource", { resourceArn: bucket, hybridAccessEnabled: true }),
      ["requestParameters.hybridAccessEnabled", false],
      ["requestParameters.hybridAccessEnabled", undefined],
    ),
    hit(
      "medium",
      call("lakeformation:RegisterResource", {
        resourceArn: bucket,
        roleArn: `arn:aws:iam::${own}:role/dl-lakeformation`,
        withPrivilegedAccess: true,
      }),
      ["requestParameters.withPrivilegedAccess", false],
    ),
    hit(
      "medium",
      call("lakeformation:UpdateResource", {
        resourceArn: bucket,
        roleArn: `arn:aws:iam::${own}:role/other`,
      }),
      ["requestParameters.roleArn", `arn:aws:iam::${own}:role/dl-lakeformation`],
    ),
  ],
  "lf-filter-or-tag-removed": [
    hit(
      "high",
      call("lakeformation:DeleteDataCellsFilter", { databaseName: "dl-db", tableName: "orders", name: "eu" }),
      ["requestParameters.databaseName", "elsewhere"],
      ["eventName", "GetDataCellsFilter"],
    ),
    hit(
      "high",
      call("lakeformation:UpdateDataCellsFilter", {
        tableData: {
          tableCatalogId: own,
          databaseName: "dl-db",
          tableName: "orders",
          name: "eu",
          rowFilter: { allRowsWildcard: {} },
        },
      }),
      ["requestParameters.tableData.databaseName", "elsewhere"],
    ),
    hit("medium", call("lakeformation:DeleteLFTag", { tagKey: "pii" })),
    hit(
      "medium",
      call("lakeformation:RemoveLFTagsFromResource", {
        resource: table,
        lfTags: [{ tagKey: "pii", tagValues: ["yes"] }],
      }),
    ),
    hit("medium", call("lakeformation:UpdateLFTag", { tagKey: "pii", tagValuesToDelete: ["yes"] }), [
      "requestParameters.tagValuesToDelete",
      [],
    ]),
  ],
  "lf-revoke-mass": [
    hits(
      "medium",
      ten,
      ten.slice(1),
      repeat(revoke, 10, 70),
      ten.map((record, index) => (index === 4 ? { ...record, ...session("somebody") } : record)),
      ten.map((record) => ({ ...record, ...session("dl-deploy") })),
    ),
    hits(
      "medium",
      [
        call(
          "lakeformation:BatchRevokePermissions",
          {
            entries: Array.from({ length: 10 }, (_, id) => ({ id: String(id), ...to(analyst, ["SELECT"]) })),
          },
          stranger,
        ),
      ],
      [
        call(
          "lakeformation:BatchRevokePermissions",
          { entries: Array.from({ length: 9 }, (_, id) => ({ id: String(id), ...to(analyst, ["SELECT"]) })) },
          stranger,
        ),
      ],
    ),
  ],
};
