/** Deletes an environment, or one stack alone. */
import { runVerbAction } from "../../src/github/index.ts";
import { declaration } from "./declaration.ts";

await runVerbAction(declaration);
