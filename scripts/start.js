// `npm start`: sets the checkout up, then shows the whole lake at work on this machine.
import { enterNode24, setUp } from "./setup.js";

await setUp();
await enterNode24();
process.argv.splice(2, 0, "start");
await import("../cli/datalake.js");
