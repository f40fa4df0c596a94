/** Ranges of time and of values: what is shown, and how it changes. */

export type Range = readonly [from: number, to: number];

/** A part of the span beyond the values at either end: less and lines touch the border. */
const AIR = 0.07;
/** The values fill less than this of the axis: it shrinks. Higher and it shivers, lower and the line is flat. */
const LOOSE = 0.55;

/**
 * The axis for values between `low` and `high`: `before` as long as they fit well, so that it stays calm while rows
 * come (it grows by more than is needed, and shrinks late).
 */
export function fitted(before: Range | null, low: number, high: number, log: boolean): Range {
  const [a, b] = log ? [Math.log10(low), Math.log10(high)] : [low, high];
  const span = b - a || Math.abs(a) * 0.02 || 1;
  const made: Range = [a - span * AIR, b + span * AIR];
  const [c, d] = before === null ? made : log ? before.map(Math.log10) : before;
  if (c === undefined || d === undefined) return made;
  const fits = a >= c && b <= d && span >= (d - c) * LOOSE;
  if (before !== null && fits) return before;
  const [from, to] = made;
  return log ? [10 ** from, 10 ** to] : made;
}

/** Bars and areas stand on zero, and it is seen; beyond it is no air. */
export function grounded([from, to]: Range, low: number, high: number): Range {
  if (low >= 0) return [0, to];
  return high <= 0 ? [from, 0] : [from, to];
}

/** `factor` below 1 is nearer; `at` stays where it is. */
export function zoomed([from, to]: Range, at: number, factor: number): Range {
  return [at - (at - from) * factor, at + (to - at) * factor];
}

export function moved([from, to]: Range, by: number): Range {
  return [from + by, to + by];
}

/** Seconds. Nearer than this and the times of rows, which are float64, become steps. */
const NEAREST = 1e-3;

/** Not nearer than a millisecond, not farther than a few times all that is there, never where there is nothing. */
export function bounded([from, to]: Range, all: Range | null): Range {
  if (!(to - from >= NEAREST))
    return zoomed([from, to], (from + to) / 2, NEAREST / (to - from || 1));
  if (all === null) return [from, to];
  const whole = Math.max(all[1] - all[0], NEAREST);
  if (to - from > whole * 3) return [all[0] - whole, all[1] + whole];
  const margin = (to - from) * 0.9;
  const by = Math.max(all[0] - margin - from, 0) + Math.min(all[1] + margin - to, 0);
  return moved([from, to], by);
}

/** The place of the value nearest to `at` in the ascending `values`; -1 if there is none. */
export function nearest(values: ArrayLike<number>, at: number): number {
  let low = 0;
  let high = values.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < at) low = middle;
    else high = middle;
  }
  const isHigh = Math.abs((values[high] ?? 0) - at) < Math.abs((values[low] ?? 0) - at);
  return isHigh ? high : high < 0 ? -1 : low;
}

/** The part of a span that is free before the edge: of a window little, as it slides; of all, what it grows by. */
const FREE = { window: 0.012, all: 0.03 };

/**
 * What a chart that follows shows: the last `window` seconds, or all. With all, it stays as it was `before` until the
 * rows reach its edge: the picture is calm, and what was found for its pixels is good for many frames.
 */
export function followed(
  [first, last]: Range,
  window: number,
  step: number,
  before: Range | null,
): Range {
  const end = last + step;
  const from = window > 0 ? end - window : first;
  const span = end - from;
  if (span <= 0) return [end - 30, end + 30];
  if (window > 0) return [from, end + span * FREE.window];
  const fits =
    before !== null &&
    before[0] === from &&
    end <= before[1] &&
    before[1] - end < span * 2 * FREE.all;
  return fits ? before : [from, end + span * FREE.all];
}
