import { defineConfig } from "vitest/config";

const deep = "**/*.deep.test.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: process.env["DEEP"] === "1" ? [] : [deep],
    globalSetup: ["test/support/start-local-lake.ts"],
    pool: "forks",
    maxWorkers: 2,
    // The slowest part of a test is a process that starts on busy processors; a wait that ends only here has failed.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
