import type { Case } from "./case.ts";
import { athenaCases } from "./athena-cases.ts";
import { emrCases } from "./emr-cases.ts";
import { glueCases } from "./glue-cases.ts";
import { identityCases } from "./identity-cases.ts";
import { lakeFormationCases } from "./lake-formation-cases.ts";
import { runCases } from "./run-cases.ts";
import { s3AccessCases } from "./s3-access-cases.ts";
import { s3DataCases } from "./s3-data-cases.ts";
import { watchCases } from "./watch-cases.ts";

/** The cases of every rule, by its id. */
export const cases: Readonly<Record<string, readonly Case[]>> = {
  ...lakeFormationCases,
  ...glueCases,
  ...s3AccessCases,
  ...s3DataCases,
  ...emrCases,
  ...athenaCases,
  ...watchCases,
  ...identityCases,
  ...runCases,
};
