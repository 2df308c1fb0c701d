/** Reads CloudTrail's records and says what in them should worry somebody. */
import { runVerbAction } from "../../src/github/index.ts";
import { declaration } from "./declaration.ts";

await runVerbAction(declaration);
