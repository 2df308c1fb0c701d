import type { ContractColumn, LogicalType } from "../contracts/index.ts";

const synonyms: Readonly<Record<string, string>> = {
  integer: "int",
  long: "bigint",
  bool: "boolean",
  text: "string",
  real: "float",
  numeric: "decimal",
  "double precision": "double",
};

const typesOf: Readonly<Record<LogicalType, readonly string[]>> = {
  string: ["string", "varchar", "char"],
  date: ["date"],
  timestamp: ["timestamp"],
  time: ["string", "varchar", "char"],
  integer: ["tinyint", "smallint", "int", "bigint"],
  number: ["tinyint", "smallint", "int", "bigint", "float", "double", "decimal"],
  boolean: ["boolean"],
  array: ["array"],
  object: ["struct", "map"],
};

/** A type without its sizes and members: `decimal` of `decimal(12,2)`, `array` of `array<string>`. */
export function baseType(type: string): string {
  const name = (/^[^(<]*/.exec(type)?.[0] ?? "").trim().toLowerCase();
  return synonyms[name] ?? name;
}

/** Whether a type of the catalog is the one that a contract promises: its physical type, else its logical one. */
export function isPromised({ physicalType, logicalType }: ContractColumn, actual: string): boolean {
  if (physicalType !== undefined) return isSameType(physicalType, actual);
  return logicalType === undefined || typesOf[logicalType].includes(baseType(actual));
}

function isSameType(promised: string, actual: string): boolean {
  const [wanted, found] = [baseType(promised), baseType(actual)];
  // Crawlers know no lengths: a text of any length is a string to them.
  if (isText(wanted) && isText(found)) return true;
  return wanted === found && tail(promised) === tail(actual);
}

/** The sizes and members of a type, which follow its name; a precision of time is no other type. */
function tail(type: string): string {
  if (baseType(type) === "timestamp") return "";
  return type
    .replace(/^[^(<]*/, "")
    .toLowerCase()
    .replaceAll(/\s/g, "")
    .replaceAll("integer", "int");
}

/** Whether values of a type are texts. */
export function isText(type: string): boolean {
  return typesOf.string.includes(baseType(type));
}

/** Whether values of a type are numbers. */
export function isNumeric(type: string): boolean {
  return typesOf.number.includes(baseType(type));
}

/** Whether a type has members, so that its values cannot be written as one text. */
export function isNested(type: string): boolean {
  return ["array", "struct", "map"].includes(baseType(type));
}
