/** Rows for programs: NULL is an empty field in CSV and null in JSON. */
interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Rows as CSV (RFC 4180, with a header) or as a JSON list of objects; every value is text, as Athena gives it. */
export function formatRows(format: "csv" | "json", { columns, rows }: Rows): string {
  if (format === "json") {
    const objects = rows.map((row) =>
      Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null])),
    );
    return `${JSON.stringify(objects, undefined, 2)}\n`;
  }
  return [columns, ...rows].map((row) => `${row.map(toField).join(",")}\r\n`).join("");
}

/** An empty text is quoted, so that it differs from NULL. */
function toField(value: string | null | undefined): string {
  if (value === null || value === undefined) return "";
  return value === "" || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
