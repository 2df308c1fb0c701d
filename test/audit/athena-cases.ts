import { hit, type Case } from "./case.ts";
import { call, type Json } from "./records.ts";

const update = (configurationUpdates: Json) =>
  call("athena:UpdateWorkGroup", { workGroup: "dl", configurationUpdates });
const updateResults = (resultConfigurationUpdates: Json) => update({ resultConfigurationUpdates });
const updates = "requestParameters.configurationUpdates";
const results = `${updates}.resultConfigurationUpdates`;
const created = "requestParameters.configuration.resultConfiguration.outputLocation";

/** Cases of Athena's rules. */
export const athenaCases: Readonly<Record<string, readonly Case[]>> = {
  "athena-enforcement-removed": [
    hit(
      "high",
      update({ enforceWorkGroupConfiguration: false }),
      [`${updates}.enforceWorkGroupConfiguration`, true],
      [`${updates}.enforceWorkGroupConfiguration`, undefined],
    ),
  ],
  "athena-encryption-removed": [
    hit(
      "high",
      updateResults({ removeEncryptionConfiguration: true }),
      [`${results}.removeEncryptionConfiguration`, false],
      ["eventName", "GetWorkGroup"],
    ),
    hit("high", update({ removeCustomerContentEncryptionConfiguration: true }), [
      `${updates}.removeCustomerContentEncryptionConfiguration`,
      false,
    ]),
    hit("high", update({ enableMinimumEncryptionConfiguration: false }), [
      `${updates}.enableMinimumEncryptionConfiguration`,
      true,
    ]),
    hit("high", updateResults({ encryptionConfiguration: { encryptionOption: "SSE_S3" } }), [
      `${results}.encryptionConfiguration.encryptionOption`,
      "SSE_KMS",
    ]),
  ],
  "athena-output-moved": [
    hit(
      "high",
      updateResults({ outputLocation: "s3://elsewhere/results/" }),
      [`${results}.outputLocation`, "s3://dl-results/dl/"],
      ["errorCode", "InvalidRequestException"],
    ),
    hit(
      "high",
      call("athena:CreateWorkGroup", {
        name: "dl",
        configuration: { resultConfiguration: { outputLocation: "s3://elsewhere/" } },
      }),
      [created, "s3://dl-results/dl/"],
    ),
    hit("high", updateResults({ removeOutputLocation: true }), [`${results}.removeOutputLocation`, false]),
    hit("high", updateResults({ removeExpectedBucketOwner: true }), [
      `${results}.removeExpectedBucketOwner`,
      false,
    ]),
  ],
  "athena-scan-limit-removed": [
    hit(
      "medium",
      update({ removeBytesScannedCutoffPerQuery: true }),
      [`${updates}.removeBytesScannedCutoffPerQuery`, false],
      [`${updates}.removeBytesScannedCutoffPerQuery`, undefined],
    ),
    hit("low", update({ bytesScannedCutoffPerQuery: 2_000_000_000 }), [
      `${updates}.bytesScannedCutoffPerQuery`,
      1_000_000_000,
    ]),
  ],
  "athena-workgroup-deleted": [
    hit(
      "medium",
      call("athena:DeleteWorkGroup", { workGroup: "dl" }),
      ["requestParameters.workGroup", "elsewhere"],
      ["errorCode", "InvalidRequestException"],
    ),
    hit("high", call("athena:DeleteWorkGroup", { workGroup: "dl", recursiveDeleteOption: true }), [
      "requestParameters.workGroup",
      "elsewhere",
    ]),
  ],
  "athena-query-foreign-output": [
    hit(
      "high",
      call("athena:StartQueryExecution", {
        queryString: "SELECT * FROM orders",
        resultConfiguration: { outputLocation: "s3://elsewhere/" },
      }),
      ["requestParameters.resultConfiguration.outputLocation", "s3://dl-results/dl/"],
      ["requestParameters.resultConfiguration.outputLocation", undefined],
    ),
  ],
};
