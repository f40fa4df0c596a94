/** From what is here of a feed to what a chart draws of it. */
import type { Bins } from "./bins";
import type { Mosaics } from "./mosaic";
import type { Spans } from "./spans";
import type { Strip } from "./strip";
import type { Table } from "./table";

/** What can be drawn: rows with their times, and bins for some that are not here. */
export interface Drawable {
  readonly table: Table;
  readonly mosaics: Mosaics;
  readonly here: Spans;
  readonly bins: Bins | null;
  readonly first: number;
  readonly end: number;
  search(t: number): number;
}

/** The window in time, and how many pixels it has. */
export interface Window {
  from: number;
  to: number;
  px: number;
}

/** The level whose bins are no wider than the pixels that so many rows are drawn on; 0 is the rows themselves. */
export function levelFor(rows: number, px: number): number {
  const level = Math.floor(Math.log2(Math.max(1, rows / px)) / 4);
  return Math.min(6, level);
}

/** Draws a column between two times, and one row beyond on either side, so that lines leave the picture. */
export function paint(on: Drawable, column: number, { from, to, px }: Window, strip: Strip): void {
  const [first, last] = [on.search(from), on.search(to)];
  const step = last - first <= 4 * px ? 0 : (to - from) / px;
  const level = Math.max(1, levelFor(last - first, px));
  const brush = new Brush(on, column, strip, step, level);
  // The first at or after the end may be the end itself, so two of them.
  const end = Math.max(last, Math.min(on.here.run(last), last + 2, on.end));
  for (let row = first > on.first && on.here.has(first - 1) ? first - 1 : first; row < end; ) {
    const run = Math.min(on.here.run(row), end);
    const next = run > row ? run : Math.min(on.here.next(row), end);
    if (run > row) brush.rows(row, run);
    else brush.missing(row, next);
    row = next;
  }
}

class Brush {
  readonly #on: Drawable;
  readonly #column: number;
  readonly #strip: Strip;
  /** Seconds that are drawn as one; 0 if all rows are. */
  readonly #step: number;
  readonly #level: number;
  #runs = 0;

  constructor(on: Drawable, column: number, strip: Strip, step: number, level: number) {
    this.#on = on;
    this.#column = column;
    this.#strip = strip;
    this.#step = step;
    this.#level = level;
  }

  /** Rows that are here, one by one. */
  each(first: number, last: number): void {
    const { table } = this.#on;
    for (let row = first; row < last; row += 1) {
      this.#strip.add(table.time(row), table.value(row, this.#column));
    }
  }

  /** Rows that are here. */
  rows(first: number, last: number): void {
    if (this.#step === 0) {
      this.each(first, last);
      return;
    }
    const { here, mosaics } = this.#on;
    const run = [Math.max(this.#on.first, here.start(first + 1)), here.run(first)] as const;
    mosaics.of(this.#column, this.#step, this.#runs++).draw(first, last, run, this.#strip);
  }

  /** Rows that are not here: bins as far as there are any, and a gap for the rest. */
  missing(first: number, last: number): void {
    const { bins } = this.#on;
    for (let row = first; row < last; ) {
      const level = bins?.levelOf(row, this.#level) ?? 0;
      if (level === 0 || bins === null) {
        this.#strip.gap();
        row = Math.min(last, bins?.next(row) ?? last);
        continue;
      }
      row = this.#binned(bins, level, row, last);
    }
  }

  /** The bins that are drawn as one, from that of `row` on; returns the row after them. */
  #binned(bins: Bins, level: number, row: number, last: number): number {
    const size = 16 ** level;
    const from = bins.time(level, row);
    const edge = this.#step === 0 ? from : (Math.floor(from / this.#step) + 1) * this.#step;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    let at = row;
    do {
      low = smaller(bins.low(level, at, this.#column), low);
      high = -smaller(-bins.high(level, at, this.#column), -high);
      at = (Math.floor(at / size) + 1) * size;
    } while (at < last && bins.levelOf(at, this.#level) === level && bins.time(level, at) < edge);
    if (low > high) this.#strip.add(from, Number.NaN);
    else this.#strip.addMany(from, from, low, low, high, high);
    return at;
  }
}

/** The smaller one; `held` if the other is no number. */
function smaller(value: number, held: number): number {
  return value < held ? value : held;
}
