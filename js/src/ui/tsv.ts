/** A table as spreadsheets take it from the clipboard: its values as they are, with tabs between them. */
import type { Cell, Table } from "../protocol/frames";

export function tsvOf({ columns, rows }: Pick<Table, "columns" | "rows">): string {
  const lines = [columns.map(({ name }) => name), ...rows];
  return lines.map((line) => line.map(cellText).join("\t")).join("\n");
}

function cellText(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return String(cell);
  // A spreadsheet would run what looks like a formula, and the table may be anybody's.
  const isFormula = /^[=+\-@]/.test(cell) && !Number.isFinite(Number(cell));
  const text = isFormula ? `'${cell}` : cell;
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
