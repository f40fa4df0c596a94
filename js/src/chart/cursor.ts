/** Where one points on a chart, and what is there. */
import type { Cross, Spot, Tag } from "./overlay";
import type { Plot } from "./plot";
import type { Reading, Track } from "./track";
import type { Side } from "./traits";
import { timeText } from "./words";

export interface Pointed {
  t: number;
  /** Pixels from the top; null when only the time is meant. */
  y: number | null;
}

/** Pixels within which the cursor goes to a row. */
const SNAP = 32;

export interface Read extends Cross {
  /** The time that it went to. */
  t: number;
  /** By the track's place. */
  readings: Map<number, Reading>;
}

/** What is at a place. With several rows around, the one nearest to the hand decides about the time. */
export function readAt(
  { t, y }: Pointed,
  plot: Plot,
  tracks: readonly Track[],
  colorOf: (track: Track) => string,
  zone: string,
): Read {
  const aim = plot.x(t);
  let best = t;
  let distance = Number.POSITIVE_INFINITY;
  for (const track of tracks) {
    const reading = track.reading(t);
    if (reading === null) continue;
    const dx = Math.abs(plot.x(middleOf(track, reading)) - aim);
    const dy = y === null ? 0 : Math.abs(plot.y(reading.value, track.trait.axis) - y);
    // A time nearby counts for more than a value nearby: one reads along the line.
    const far = dx * 4 + dy;
    if (dx < SNAP && far < distance) [best, distance] = [middleOf(track, reading), far];
  }
  const readings = new Map<number, Reading>();
  const spots: Spot[] = [];
  const { height } = plot.box;
  for (const track of tracks) {
    const reading = track.reading(best);
    if (
      reading === null ||
      Math.abs(plot.x(reading.t) - plot.x(best)) > SNAP + plot.x(track.step) - plot.x(0)
    )
      continue;
    readings.set(track.at, reading);
    const top = plot.y(reading.value, track.trait.axis);
    if (top >= 0 && top <= height)
      spots.push({ x: plot.x(middleOf(track, reading)), y: top, color: colorOf(track) });
  }
  const [from, to] = plot.range;
  const time = timeText(best, zone, (to - from) / plot.box.width, to);
  return { t: best, x: plot.x(best), y, time, tags: tagsAt(y, plot, tracks), spots, readings };
}

/** A bar's time is its begin; one points at its middle. */
function middleOf({ step }: Track, { t }: Reading): number {
  return t + step / 2;
}

function tagsAt(y: number | null, plot: Plot, tracks: readonly Track[]): Tag[] {
  if (y === null) return [];
  const sides = new Map<Side, Track>();
  for (const track of tracks) if (!sides.has(track.trait.axis)) sides.set(track.trait.axis, track);
  return [...sides].map(([side, track]) => ({
    side,
    y,
    text: track.rough(plot.valueAt(y, side), plot.perPixel(side)),
  }));
}
