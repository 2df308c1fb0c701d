const widths: Readonly<Record<string, readonly string[]>> = {
  tinyint: ["smallint", "int", "bigint", "float", "double"],
  smallint: ["int", "bigint", "float", "double"],
  int: ["bigint", "double"],
  bigint: [],
  float: ["double"],
  char: ["varchar", "string"],
  varchar: ["string"],
};

/**
 * Whether every value of Hive type `from` is also a value of type `to`, so that queries go on giving the same answers:
 * `int` to `bigint`, `decimal(10,2)` to `decimal(12,2)`.
 */
export function isWidening(from: string, to: string): boolean {
  const [before, after] = [parseType(from), parseType(to)];
  if (before.name === "decimal" && after.name === "decimal") return holdsDecimal(before.sizes, after.sizes);
  if (before.name === after.name && before.name.endsWith("char")) {
    return (before.sizes[0] ?? 0) <= (after.sizes[0] ?? 0);
  }
  if (before.name === "char" && after.name === "varchar")
    return (before.sizes[0] ?? 0) <= (after.sizes[0] ?? 0);
  return widths[before.name]?.includes(after.name) === true;
}

function holdsDecimal(
  [precision = 10, scale = 0]: readonly number[],
  [wide = 10, fine = 0]: readonly number[],
) {
  return fine >= scale && wide - fine >= precision - scale;
}

function parseType(type: string): { name: string; sizes: number[] } {
  const match = /^\s*([a-z]+)\s*(?:\(([\d\s,]+)\))?\s*$/i.exec(type);
  if (match === null) return { name: type.trim().toLowerCase(), sizes: [] };
  const name = (match[1] ?? "").toLowerCase();
  return { name: name === "integer" ? "int" : name, sizes: (match[2] ?? "").split(",").map(Number) };
}
