/** Starts the local lake on a runner, and stops it in the `post` step. */
import { runLocalLakeAction } from "../../../src/github/index.ts";

await runLocalLakeAction();
