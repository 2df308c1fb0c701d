import { athenaRules } from "./athena-rules.ts";
import { emrRules } from "./emr-rules.ts";
import { glueRules } from "./glue-rules.ts";
import { identityRules } from "./identity-rules.ts";
import { lakeFormationRules } from "./lake-formation-rules.ts";
import type { Rule } from "./rule.ts";
import { runRules } from "./run-rules.ts";
import { s3DataRules } from "./s3-data-rules.ts";
import { s3Rules } from "./s3-rules.ts";
import { watchRules } from "./watch-rules.ts";

/** Every rule, in the order reports list them. */
export const rules: readonly Rule[] = [
  ...lakeFormationRules,
  ...glueRules,
  ...s3Rules,
  ...s3DataRules,
  ...emrRules,
  ...athenaRules,
  ...watchRules,
  ...identityRules,
  ...runRules,
];
