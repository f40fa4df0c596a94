/** Times of messages, in the reader's language and time zone. */
import { TEXTS } from "./texts";

const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const date = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

export function timeOfDay(timeMs: number): string {
  return clock.format(timeMs);
}

export function exactTime(timeMs: number): string {
  return exact.format(timeMs);
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
  return dayOf(timeMs) === yesterday.toDateString() ? TEXTS.yesterday : date.format(timeMs);
}
