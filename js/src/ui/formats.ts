/** Numbers, times and lists as they are written where the interface's language is spoken. */
import { locale } from "./texts";

/** Kept: to make a format takes a hundred times as long as to use it. */
const made = new Map<string, unknown>();

export function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return kept("date", options, (place) => new Intl.DateTimeFormat(place, options));
}

/** "Ann, Bob and Cem". */
export function listed(words: readonly string[]): string {
  return kept("list", {}, (place) => new Intl.ListFormat(place)).format(words);
}

/** Names in the order that the reader looks for them. */
export function collator(): Intl.Collator {
  return kept("order", {}, (place) => new Intl.Collator(place));
}

/** `share` is from 0 to 1. */
export function percentage(share: number): string {
  return numberFormat({ style: "percent" }).format(share);
}

/** How large a file is. */
export function sizeText(bytes: number): string {
  const inUnit = (unit: string, count: number, digits = 0): string =>
    numberFormat({ style: "unit", unit, maximumFractionDigits: digits }).format(count);
  if (bytes < 1 << 10) return inUnit("byte", bytes);
  return bytes < 1 << 20
    ? inUnit("kilobyte", bytes / (1 << 10))
    : inUnit("megabyte", bytes / (1 << 20), 1);
}

export function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return kept("number", options, (place) => new Intl.NumberFormat(place, options));
}

function kept<T>(kind: string, options: object, make: (place: string) => T): T {
  const place = locale();
  const key = `${place} ${kind} ${JSON.stringify(options)}`;
  if (!made.has(key)) made.set(key, make(place));
  return made.get(key) as T;
}
