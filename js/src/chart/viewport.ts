/** What a viewer sees of a chart: which times, at which values, and whether it goes on with new rows. */
import { type Mode, type Move, next } from "./follow";
import type { Range } from "./range";
import type { Side } from "./traits";

/** Milliseconds of the way to another range: longer is waited for, shorter is not seen. */
const GLIDE_MS = 220;

export class Viewport {
  #mode: Mode = "live";
  #range: Range | null = null;
  #start: { range: Range; at: number } | null = null;
  /** Values that the viewer has chosen; the others are those of the rows that are seen. */
  values: Partial<Record<Side, Range>> = {};

  get mode(): Mode {
    return this.#mode;
  }

  /** It is on its way to another range, and has to be drawn again. */
  get gliding(): boolean {
    return this.#start !== null;
  }

  /** What to show at `now` (ms), when `live` is what a chart that follows would show. */
  current(live: Range, now: number): Range {
    if (this.#mode === "live" || this.#range === null) this.#range = live;
    const [from, to] = this.#range;
    if (this.#start === null) return [from, to];
    const { range, at } = this.#start;
    const left = Math.max(0, 1 - (now - at) / GLIDE_MS) ** 3;
    if (left === 0) this.#start = null;
    return [from + (range[0] - from) * left, to + (range[1] - to) * left];
  }

  look(range: Range, values: Partial<Record<Side, Range>> = this.values): void {
    this.#range = range;
    this.values = values;
    this.move("look");
  }

  move(move: Move): void {
    this.#mode = next(this.#mode, move);
    if (move === "live") this.values = {};
  }

  /** Goes from `range` to what is shown next, so that one sees where it lies, instead of jumping there. */
  glide(range: Range, now: number): void {
    this.#start = { range, at: now };
  }
}
