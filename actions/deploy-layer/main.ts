/** Deploys layers, or one stack alone; or shows what that would change. */
import { runVerbAction } from "../../src/github/index.ts";
import { declaration } from "./declaration.ts";

await runVerbAction(declaration);
