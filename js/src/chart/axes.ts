/** Where an axis has its ticks. */
import type { Range } from "./range";
import { localOffset } from "./words";

export interface Ticks {
  at: number[];
  /** How far they are apart; on a log axis, 0. */
  step: number;
}

/** 1, 2 or 5 and zeros: the smallest such step that is at least `least`. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const part = least / power;
  return power * (part <= 1.0001 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
}

/** At most `most` of them. */
export function valueTicks([from, to]: Range, most: number): Ticks {
  const step = roundStep((to - from) / Math.max(1, most));
  const at: number[] = [];
  for (let n = Math.ceil(from / step - 1e-9); n * step <= to + step * 1e-9; n++) {
    // 3 * 0.1 is not 0.3.
    at.push(Number((n * step).toPrecision(12)));
  }
  return { at, step };
}

/** On the places of so many words: at whole numbers, where there is a word. */
export function wordTicks([from, to]: Range, most: number, count: number): Ticks {
  const step = roundStep(Math.max(1, (to - from) / Math.max(1, most)));
  const at: number[] = [];
  const last = Math.min(to, count - 1);
  for (let n = Math.max(0, Math.ceil(from / step)) * step; n <= last; n += step) at.push(n);
  return { at, step };
}

/** Powers of ten, with 2 and 5 where there is room; less than a decade is like a plain axis. */
export function logTicks(range: Range, most: number): Ticks {
  const [from, to] = range.map(Math.log10) as [number, number];
  if (to - from < 0.8) return valueTicks(range, most);
  const every = Math.max(1, Math.ceil((to - from) / most));
  const between = (to - from) * 3 <= most * 2 ? [1, 2, 5] : [1];
  const at: number[] = [];
  for (let power = Math.floor(from); power <= to; power++) {
    for (const part of between) {
      const value = part * 10 ** power;
      if (power % every === 0 && value >= range[0] && value <= range[1]) at.push(value);
    }
  }
  return { at, step: 0 };
}

const MINUTE = 60;
const HOUR = 3600;
export const DAY = 86_400;
const MONTH = 30 * DAY;
const SIXTY = [1, 2, 5, 10, 15, 30];
const STEPS = [
  ...SIXTY,
  ...SIXTY.map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 4, 7, 14].map((n) => n * DAY),
  ...[1, 2, 3, 6].map((n) => n * MONTH),
];

/** On the zone's own minutes, hours, days and months, also where its clock is changed. */
export function timeTicks([from, to]: Range, most: number, zone: string): Ticks {
  const least = (to - from) / Math.max(1, most);
  if (least <= 0.5) return valueTicks([from, to], most);
  const step = STEPS.find((one) => one >= least) ?? roundStep(least / 365 / DAY) * 365 * DAY;
  const at: number[] = [];
  const add = (local: number): boolean => {
    const t = local - localOffset(local - localOffset(local, zone), zone);
    if (t >= from && t <= to) at.push(t);
    return t <= to;
  };
  const start = from + localOffset(from, zone);
  if (step < MONTH) {
    let local = Math.floor(start / step) * step;
    while (add(local)) local += step;
    return { at, step };
  }
  const months = Math.round(step / MONTH / (step > 12 * MONTH ? 365 / 360 : 1));
  const first = new Date(start * 1000);
  let month = Math.floor(first.getUTCMonth() / months) * months + first.getUTCFullYear() * 12;
  month -= months > 12 ? month % months : 0;
  while (add(Date.UTC(Math.floor(month / 12), month % 12, 1) / 1000)) month += months;
  return { at, step };
}
