/** A value of a widget in a few words. It may be anything; what it says is text. */
import { numberFormat, sizeText } from "./formats";
import { lineOf } from "./gist";
import { TEXTS } from "./texts";

export function ValueText({ value }: { value: unknown }) {
  const isText = typeof value === "string";
  return <span dir={isText ? "auto" : "ltr"}>{wordsOf(value)}</span>;
}

export function wordsOf(value: unknown): string {
  const { card } = TEXTS;
  if (value === null || value === undefined || value === "") return card.missing;
  if (typeof value === "boolean") return value ? card.yes : card.no;
  if (typeof value === "number")
    return Number.isFinite(value)
      ? numberFormat({ maximumSignificantDigits: 6, useGrouping: false }).format(value)
      : `${value}`;
  if (typeof value === "bigint") return String(value);
  if (typeof value === "string") return lineOf(value);
  if (ArrayBuffer.isView(value)) return sizeText(value.byteLength);
  return lineOf(JSON.stringify(value, bare) ?? card.missing);
}

/** In a list, bytes would be long, and numbers with 17 digits. */
function bare(_: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return sizeText(value.byteLength);
  if (typeof value === "bigint") return String(value);
  return typeof value === "number" ? Number(value.toPrecision(6)) : value;
}
