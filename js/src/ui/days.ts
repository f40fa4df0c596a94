/** Times of messages, in the reader's language and time zone. */
import { dateFormat } from "./formats";
import { TEXTS } from "./texts";

export function dayAndTime(timeMs: number): string {
  return dateFormat({ dateStyle: "medium", timeStyle: "short" }).format(timeMs);
}

export function timeOfDay(timeMs: number): string {
  return dateFormat({ hour: "numeric", minute: "2-digit" }).format(timeMs);
}

export function exactTime(timeMs: number): string {
  return dateFormat({ dateStyle: "medium", timeStyle: "medium" }).format(timeMs);
}

/** The same for all times of one local day. */
export function dayOf(timeMs: number): string {
  return new Date(timeMs).toDateString();
}

/** "Today", "Yesterday", or the date. */
export function dayName(timeMs: number, nowMs: number): string {
  const yesterday = new Date(nowMs);
  yesterday.setDate(yesterday.getDate() - 1);
  if (dayOf(timeMs) === dayOf(nowMs)) return TEXTS.today;
  if (dayOf(timeMs) === yesterday.toDateString()) return TEXTS.yesterday;
  return dateFormat({ weekday: "long", day: "numeric", month: "long" }).format(timeMs);
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Times that a browser's dates reach; a chart may be about any. */
const FARTHEST_MS = 8.64e15;

/** From when to when, as exactly as the length of the range asks for, with the day unless it is today. */
export function rangeOf(startMs: number, endMs: number, nowMs: number): string {
  const length = endMs - startMs;
  const ofDay: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit" };
  if (length < 10 * MINUTE_MS) ofDay.second = "2-digit";
  if (length < MINUTE_MS / 30) ofDay.fractionalSecondDigits = 3;
  const today = isDate(startMs) && dayOf(startMs) === dayOf(nowMs);
  if (today && length < DAY_MS) return formatRange(ofDay, startMs, endMs);
  const ofYear: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", year: "numeric" };
  return formatRange(length < 30 * DAY_MS ? { ...ofYear, ...ofDay } : ofYear, startMs, endMs);
}

/** The same to the second, with the zone. */
export function exactRange(startMs: number, endMs: number): string {
  const options = { dateStyle: "medium", timeStyle: "long" } as const;
  return formatRange(options, startMs, endMs);
}

function formatRange(options: Intl.DateTimeFormatOptions, startMs: number, endMs: number): string {
  if (!isDate(startMs) || !isDate(endMs)) return "";
  return dateFormat(options).formatRange(startMs, endMs);
}

function isDate(ms: number): boolean {
  return Math.abs(ms) <= FARTHEST_MS;
}
