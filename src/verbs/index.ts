export * from "./catalog.ts";
export * from "./verb.ts";
