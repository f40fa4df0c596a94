/** Cells of a table as people read them: numbers alike in a column, dates in the reader's language. */
import type { Cell, TableColumn } from "../protocol/frames";
import { dateFormat, numberFormat } from "./formats";
import { TEXTS } from "./texts";

type Say = (cell: Cell) => string;

/** Digits that say something; the others are in the cell's title. */
const DIGITS = 6;
/** Decimals of a column. */
const MOST_DECIMALS = 4;
/** From here on, and below, numbers are written with an exponent. */
const LARGE = 1e12;
const SMALL = 1e-4;

/** Date, time of day with its seconds and what is below them, and the zone, as ISO 8601 has them. */
const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?)?(?:Z|[+-]\d\d:?\d\d)?$/;

/** How the cells of a column are written. */
export function sayingOf({ kind }: TableColumn, cells: readonly Cell[]): Say {
  const { card } = TEXTS;
  const missing: Say = (cell) => (cell === null ? card.missing : String(cell));
  switch (kind) {
    case "integer":
      return numberSaying(0, missing);
    case "number":
      return numberSaying(Math.max(0, ...cells.map(decimalsOf)), missing);
    case "boolean":
      return (cell) => (typeof cell === "boolean" ? (cell ? card.yes : card.no) : missing(cell));
    case "date":
    case "time":
      return timeSaying(cells, missing);
    default:
      return missing;
  }
}

/** Whether its cells stand under each other by their last digits. */
export function isNumeric({ kind }: TableColumn): boolean {
  return kind === "integer" || kind === "number";
}

function numberSaying(decimals: number, other: Say): Say {
  const common = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  // Of four digits, most are years.
  const plain = numberFormat({ ...common, useGrouping: "min2" });
  const far = numberFormat({
    notation: "scientific",
    maximumSignificantDigits: 4,
  });
  return (cell) => {
    if (typeof cell !== "number") return other(cell);
    return isFar(cell) ? far.format(cell) : plain.format(cell);
  };
}

function isFar(value: number): boolean {
  const size = Math.abs(value);
  return size >= LARGE || (size > 0 && size < SMALL);
}

function decimalsOf(cell: Cell): number {
  if (typeof cell !== "number" || isFar(cell)) return 0;
  const [, decimals = ""] = String(Number(cell.toPrecision(DIGITS))).split(".");
  return Math.min(MOST_DECIMALS, decimals.length);
}

/** The day and time that the cell says, in whatever zone that is: the column's type tells it. */
function timeSaying(cells: readonly Cell[], other: Say): Say {
  const times = cells.flatMap((cell) => timeOf(cell) ?? []);
  const options: Intl.DateTimeFormatOptions = {
    ...{ timeZone: "UTC", year: "numeric", month: "short", day: "numeric" },
  };
  if (times.some((ms) => ms % 86_400_000 !== 0)) {
    Object.assign(options, { hour: "2-digit", minute: "2-digit" });
  }
  if (times.some((ms) => ms % 60_000 !== 0)) options.second = "2-digit";
  if (times.some((ms) => ms % 1000 !== 0)) options.fractionalSecondDigits = 3;
  const format = dateFormat(options);
  return (cell) => {
    const ms = timeOf(cell);
    return ms === null ? other(cell) : format.format(ms);
  };
}

/** Milliseconds, as if it were UTC; null for what is no date. */
function timeOf(cell: Cell): number | null {
  const found = typeof cell === "string" ? ISO.exec(cell) : null;
  if (found === null) return null;
  const [year, month, day, hour, minute, second] = found
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const date = new Date(0);
  date.setUTCFullYear(year ?? 0, (month ?? 1) - 1, day);
  date.setUTCHours(hour ?? 0, minute ?? 0, second ?? 0);
  // A 31st of February would be another day.
  if (!date.toISOString().startsWith(found[0].slice(0, 10))) return null;
  return date.getTime() + Math.floor(Number(found[7] ?? 0) * 1000);
}
