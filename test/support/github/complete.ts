import { readFile } from "node:fs/promises";

/** As much of a schema of OpenAPI 3.0 as GitHub's description needs here. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
  readonly $ref?: string;
}

interface Description {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<Record<string, { operationId: string; responses: Readonly<Partial<Record<number, Content>>> }>>
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** The operations of GitHub's own description of its API that the stand-in serves. */
export const description = JSON.parse(
  await readFile(new URL("openapi.json", import.meta.url), "utf8"),
) as Description;

const samples: Readonly<Record<string, unknown>> = {
  "date-time": "2026-01-01T00:00:00Z",
  uri: "https://example.test/",
  email: "somebody@example.test",
};

/**
 * Adds to an answer what GitHub's description requires of it and no test cares for, each with the emptiest value that
 * is valid: GitHub's answers have hundreds of fields.
 */
export function completeAnswer(operationId: string, status: number, body: unknown): unknown {
  const operation = Object.values(description.paths)
    .flatMap((methods) => Object.values(methods))
    .find((candidate) => candidate.operationId === operationId);
  const schema = operation?.responses[status]?.content?.["application/json"]?.schema;
  return schema === undefined ? body : complete(schema, body);
}

function complete(schema: Schema, given: unknown): unknown {
  const { $ref, oneOf, anyOf, allOf } = schema;
  if ($ref !== undefined) return complete(resolve($ref), given);
  const [choice] = oneOf ?? anyOf ?? [];
  if (choice !== undefined) return complete(choice, given);
  if (allOf !== undefined) return allOf.reduce((value, part) => complete(part, value), given);
  if (given === null || (given === undefined && schema.nullable === true)) return null;
  if (Array.isArray(given))
    return given.map((item: unknown) => (schema.items ? complete(schema.items, item) : item));
  if (schema.properties !== undefined) return completeObject(schema, given);
  return given ?? emptiest(schema);
}

function completeObject({ properties = {}, required = [] }: Schema, given: unknown): unknown {
  const value: Record<string, unknown> = { ...(given as object | undefined) };
  for (const [name, property] of Object.entries(properties)) {
    if (name in value || required.includes(name)) value[name] = complete(property, value[name]);
  }
  return value;
}

function emptiest({ type, format, enum: choices }: Schema): unknown {
  if (choices !== undefined) return choices[0];
  if (type === "string") return samples[format ?? ""] ?? "";
  if (type === "integer" || type === "number") return 0;
  if (type === "boolean") return false;
  return type === "array" ? [] : {};
}

function resolve(reference: string): Schema {
  const schema = description.components.schemas[reference.replace("#/components/schemas/", "")];
  if (schema === undefined) throw new Error(`openapi.json has no ${reference}`);
  return schema;
}
