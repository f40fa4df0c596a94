/** A table of rows as CSV (RFC 4180), times as ISO 8601 in UTC with what the float64 has of them. */
import type { Row } from "../feeds/view";

export function csvOf(names: readonly string[], rows: Iterable<Row>): string {
  const lines = [["time", ...names].map(cell).join(",")];
  for (const { t, values } of rows) lines.push([isoText(t), ...values.map(cell)].join(","));
  return `${lines.join("\r\n")}\r\n`;
}

export function isoText(t: number): string {
  const micros = Math.round(t * 1e6);
  const part = String(micros % 1000).padStart(3, "0");
  return new Date(Math.floor(micros / 1000))
    .toISOString()
    .replace("Z", part === "000" ? "Z" : `${part}Z`);
}

/** A spreadsheet takes `=`, `+`, `-` and `@` at the start of a text for a formula. */
export function safeText(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function cell(value: number | string): string {
  if (typeof value === "number") return Number.isNaN(value) ? "" : String(value);
  const safe = safeText(value);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
