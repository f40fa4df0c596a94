/** A column of a table: what its values are, how they are written and ordered. */

export type ColumnKind = "integer" | "number" | "boolean" | "date" | "time" | "text";
/** Texts among numbers are those that JavaScript's numbers do not hold ("Infinity", long integers). */
export type Cell = number | boolean | string | null;

export interface Column {
  name: string;
  dtype: string;
  kind: ColumnKind;
  values: readonly Cell[];
}

export interface Table {
  index: readonly Column[];
  columns: readonly Column[];
  /** How many there are in all; the columns may have fewer. */
  rows: number;
  width: number;
}

export type Direction = "ascending" | "descending";

const MISSING = "–";
/** Digits that are worth reading; the exact value is a tooltip away. */
const SIGNIFICANT = 7;
const MOST_DECIMALS = 6;
const collator = new Intl.Collator(undefined, { numeric: true });

/** Numbers stand under each other by their last digit. */
export function isNumeric({ kind }: Column): boolean {
  return kind === "integer" || kind === "number";
}

/** How the values of a column are written: floats with the same number of decimals. */
export function writerOf(column: Column): (value: Cell) => string {
  if (column.kind !== "number") return plainly;
  const decimals = Math.max(0, ...column.values.map(decimalsOf));
  return (value) => (typeof value === "number" ? written(value, decimals) : plainly(value));
}

/** The positions of the rows in the order of this column, what is missing last. */
export function ordered(column: Column, direction: Direction): number[] {
  const { values } = column;
  const compare = comparing(column);
  const sign = direction === "ascending" ? 1 : -1;
  return [...values.keys()].sort((a, b) => {
    const [left, right] = [values[a] ?? null, values[b] ?? null];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * compare(left, right) || a - b;
  });
}

function comparing({ kind }: Column): (a: Cell, b: Cell) => number {
  if (kind === "text") return (a, b) => collator.compare(String(a), String(b));
  // Times are written so that their texts are in their order.
  if (kind === "date" || kind === "time")
    return (a, b) => (a === b ? 0 : String(a) < String(b) ? -1 : 1);
  return (a, b) => Number(a) - Number(b) || 0;
}

function plainly(value: Cell): string {
  if (value === null) return MISSING;
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === "Infinity") return "∞";
  if (value === "-Infinity") return "−∞";
  return String(value).replace(/^-(?=\d)/, "−");
}

function written(value: number, decimals: number): string {
  return plainly(isPlain(value) ? value.toFixed(decimals) : value.toExponential(4));
}

function decimalsOf(value: Cell): number {
  if (typeof value !== "number" || !isPlain(value)) return 0;
  const [, decimals = ""] = String(Number(value.toPrecision(SIGNIFICANT))).split(".");
  return Math.min(decimals.length, MOST_DECIMALS);
}

function isPlain(value: number): boolean {
  const size = Math.abs(value);
  return size === 0 || (size >= 1e-4 && size < 1e15);
}
