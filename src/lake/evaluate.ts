import type { TemplateBody } from "./template.ts";

/** Stands for a value that only AWS knows, such as the id of a resource that does not exist yet. */
export const unknownValue: unique symbol = Symbol("unknown until deployed");

/** What a template's expressions can see: parameters and pseudo parameters by name. */
export interface Scope {
  readonly template: TemplateBody;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Evaluates a template's expression as far as it can be without AWS; parts that cannot be are {@link unknownValue}.
 * Intrinsics follow the CloudFormation user guide, "Intrinsic function reference".
 */
export function evaluate(expression: unknown, scope: Scope): unknown {
  if (Array.isArray(expression)) {
    return expression.map((item) => evaluate(item, scope)).filter((item) => item !== undefined);
  }
  if (typeof expression !== "object" || expression === null) return expression;
  const entries = Object.entries(expression);
  const [first] = entries;
  if (entries.length === 1 && first && (first[0] === "Ref" || first[0].startsWith("Fn::"))) {
    return evaluateIntrinsic(first[0], first[1], scope);
  }
  return Object.fromEntries(
    entries.map(([key, value]) => [key, evaluate(value, scope)]).filter(([, value]) => value !== undefined),
  );
}

/** Like {@link evaluate}, for an expression that makes a text; undefined where it cannot be known. */
export function evaluateText(expression: unknown, scope: Scope): string | undefined {
  const value = evaluate(expression, scope);
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function evaluateIntrinsic(name: string, argument: unknown, scope: Scope): unknown {
  switch (name) {
    case "Ref":
      return reference(String(argument), scope);
    case "Fn::Sub":
      return substitute(argument, scope);
    case "Fn::Join":
      return join(evaluate(argument, scope));
    case "Fn::If": {
      const [condition, then, otherwise] = argument as [string, unknown, unknown];
      const holds = evaluateCondition(condition, scope);
      return holds === undefined ? unknownValue : evaluate(holds ? then : otherwise, scope);
    }
    case "Fn::FindInMap": {
      const [map, key, entry] = (evaluate(argument, scope) as unknown[]).map(String);
      return scope.template.Mappings[map ?? ""]?.[key ?? ""]?.[entry ?? ""] ?? unknownValue;
    }
    case "Fn::Select": {
      const [index, list] = evaluate(argument, scope) as [unknown, unknown];
      return Array.isArray(list) ? (list[Number(index)] ?? unknownValue) : unknownValue;
    }
    case "Fn::Split": {
      const [separator, text] = evaluate(argument, scope) as [unknown, unknown];
      return typeof text === "string" ? text.split(String(separator)) : unknownValue;
    }
    default:
      return unknownValue;
  }
}

function reference(name: string, { values }: Scope): unknown {
  if (name === "AWS::NoValue") return undefined;
  return Object.hasOwn(values, name) ? values[name] : unknownValue;
}

function substitute(argument: unknown, scope: Scope): unknown {
  const [text, locals] = (Array.isArray(argument) ? argument : [argument, {}]) as [
    unknown,
    Record<string, unknown>,
  ];
  const unknown: string[] = [];
  const result = String(text).replace(/\$\{([^!}][^}]*)\}/g, (_, key: string) => {
    const value = Object.hasOwn(locals, key) ? evaluate(locals[key], scope) : reference(key, scope);
    if (typeof value === "string" || typeof value === "number") return String(value);
    unknown.push(key);
    return "";
  });
  return unknown.length === 0 ? result.replaceAll("${!", "${") : unknownValue;
}

function join(argument: unknown): unknown {
  const [separator, parts] = argument as [unknown, unknown];
  if (!Array.isArray(parts) || parts.some((part) => typeof part === "symbol")) return unknownValue;
  return parts.map(String).join(String(separator));
}

/** A condition's truth, or undefined where it hangs on something unknown. */
export function evaluateCondition(condition: unknown, scope: Scope): boolean | undefined {
  if (typeof condition === "string") return evaluateCondition(scope.template.Conditions[condition], scope);
  if (typeof condition !== "object" || condition === null) return undefined;
  const [name, argument] = Object.entries(condition).flat() as [string | undefined, unknown];
  if (name === "Condition") return evaluateCondition(String(argument), scope);
  if (name === "Fn::Equals") {
    const [left, right] = evaluate(argument, scope) as [unknown, unknown];
    return typeof left === "symbol" || typeof right === "symbol" ? undefined : String(left) === String(right);
  }
  const operands = (Array.isArray(argument) ? (argument as unknown[]) : []).map((each) =>
    evaluateCondition(each, scope),
  );
  if (operands.includes(undefined)) return undefined;
  if (name === "Fn::Not") return operands[0] !== true;
  if (name === "Fn::And") return operands.every((each) => each === true);
  return name === "Fn::Or" ? operands.includes(true) : undefined;
}
