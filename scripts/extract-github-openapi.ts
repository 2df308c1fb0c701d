/**
 * Writes test/support/github/openapi.json: of GitHub's own description of its API, the operations that this software
 * calls. The description is `generated/api.github.com.json` of the npm package @octokit/openapi, which is too big to be
 * a dependency:
 *
 *     npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz package/generated/api.github.com.json
 *     node scripts/extract-github-openapi.ts package/generated/api.github.com.json
 */
import { readFile, writeFile } from "node:fs/promises";
import { argv } from "node:process";
import { format, resolveConfig } from "prettier";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = Readonly<Record<string, Json>>;

const operations: ReadonlySet<Json | undefined> = new Set([
  "users/get-authenticated",
  "issues/list-comments",
  "issues/create-comment",
  "issues/update-comment",
  "issues/delete-comment",
  "pulls/list",
  "pulls/get",
  "repos/list-pull-requests-associated-with-commit",
  "repos/list-deployments",
  "repos/create-deployment",
  "repos/list-deployment-statuses",
  "repos/create-deployment-status",
]);

/** What describes and validates nothing. */
const prose = new Set(["description", "summary", "example", "examples", "externalDocs", "tags", "x-github"]);

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const objectAt = (value: Json | undefined, key: string): JsonObject => {
  const child = isObject(value) ? value[key] : undefined;
  return isObject(child) ? child : {};
};

/** Without prose; `isNames` where the keys are names of the API, such as a property called "description". */
function prune(value: Json, isNames = false): Json {
  if (Array.isArray(value)) return value.map((item: Json) => prune(item));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => isNames || !prose.has(key));
  return Object.fromEntries(
    kept.map(([key, child]) => [key, prune(child, !isNames && key === "properties")]),
  );
}

/** A response without its description is no valid OpenAPI. */
function describeResponses(operation: JsonObject): JsonObject {
  const responses = Object.entries(objectAt(operation, "responses")).map(([status, response]) => [
    status,
    isObject(response) && !("$ref" in response) ? { description: status, ...response } : response,
  ]);
  return { ...operation, responses: Object.fromEntries(responses) as JsonObject };
}

/** Adds every component that `value` refers to, directly or not, to `found`. */
function collect(value: Json, description: Json, found: Map<string, Json>): void {
  if (Array.isArray(value)) for (const item of value as readonly Json[]) collect(item, description, found);
  if (!isObject(value)) return;
  for (const [key, child] of Object.entries(value)) {
    if (key === "$ref" && typeof child === "string") follow(child, description, found);
    else collect(child, description, found);
  }
}

function follow(reference: string, description: Json, found: Map<string, Json>): void {
  const [kind = "", name = ""] = reference.replace("#/components/", "").split("/");
  if (found.has(`${kind}/${name}`)) return;
  const component = prune(objectAt(objectAt(objectAt(description, "components"), kind), name));
  found.set(
    `${kind}/${name}`,
    kind === "responses" ? { description: name, ...(component as JsonObject) } : component,
  );
  collect(component, description, found);
}

function extract(description: JsonObject): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const [path, methods] of Object.entries(objectAt(description, "paths"))) {
    if (!isObject(methods)) continue;
    const kept = Object.entries(methods).filter(
      ([, operation]) => isObject(operation) && operations.has(operation["operationId"]),
    );
    if (kept.length === 0) continue;
    paths[path] = Object.fromEntries(
      kept.map(([method, operation]) => [method, describeResponses(prune(operation) as JsonObject)]),
    );
  }
  const found = new Map<string, Json>();
  collect(paths, description, found);
  const components: Record<string, Record<string, Json>> = {};
  for (const [place, component] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [kind = "", name = ""] = place.split("/");
    (components[kind] ??= {})[name] = component;
  }
  const { title, version } = objectAt(description, "info");
  return {
    openapi: "3.0.3",
    info: { title: title ?? "", version: version ?? "", license: { name: "MIT" } },
    paths,
    components,
  };
}

const [, , source] = argv;
if (source === undefined)
  throw new Error("give the path of @octokit/openapi's generated/api.github.com.json");
const subset = extract(JSON.parse(await readFile(source, "utf8")) as JsonObject);
const target = new URL("../test/support/github/openapi.json", import.meta.url);
const options = await resolveConfig(target);
await writeFile(target, await format(JSON.stringify(subset), { ...options, parser: "json" }));
