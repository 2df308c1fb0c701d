/** Checks action files and workflows against GitHub's schema: `node scripts/validate-action-files.ts FILE…`. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { validateAction, validateWorkflow, type ValidationState } from "@action-validator/core";

for (const file of process.argv.slice(2)) {
  const { errors } = validate(file);
  if (errors.length === 0) continue;
  console.error(`${file}: ${JSON.stringify(errors, undefined, 2)}`);
  process.exitCode = 1;
}

function validate(file: string): ValidationState {
  const text = readFileSync(file, "utf8");
  if (basename(file) !== "action.yml") return validateWorkflow(text);
  // The newest version, 0.6.0, knows Node up to 20; a test holds that every action says 24.
  return validateAction(text.replace("using: node24", "using: node20"));
}
