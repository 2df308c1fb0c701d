// `npm run check`: every static check, each with its time, and the output of those that fail.
import { enterNode24, setUp } from "./setup.js";

await setUp();
await enterNode24();
const { openDevEnvironment } = await import("./dev-environment.js");
const { runChecks } = await import("./static-checks.js");
const { python } = await openDevEnvironment();
const { passed, failed } = await runChecks(python);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
