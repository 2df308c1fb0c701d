/** Runs the checks of contracts and SQL files on Athena. */
import { runVerbAction } from "../../src/github/index.ts";
import { declaration } from "./declaration.ts";

await runVerbAction(declaration);
