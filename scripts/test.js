// `npm test`: static checks, then all tests but the deep ones; `npm run test:deep` runs those too.
import { enterNode24, setUp } from "./setup.js";

await setUp();
await enterNode24();
const { runTests } = await import("./run-tests.js");
const { passed, failed } = await runTests({ deep: process.argv.includes("--deep") });
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
