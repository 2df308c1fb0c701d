/** Brings the reports of a run's jobs into one comment, one summary and one verdict. */
import { runReportAction } from "../../src/github/index.ts";

await runReportAction();
