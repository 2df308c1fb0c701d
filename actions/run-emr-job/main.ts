/** Runs a PySpark script on EMR. */
import { runVerbAction } from "../../src/github/index.ts";
import { declaration } from "./declaration.ts";

await runVerbAction(declaration);
