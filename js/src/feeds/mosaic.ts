/**
 * A column seen from afar: for each interval of a fixed width its first, lowest, highest and last value.
 *
 * Intervals begin at multiples of their width, so that the picture does not tremble as the window moves, and those that
 * were in the last picture need not be computed again.
 */
import type { Strip } from "./strip";
import type { Table } from "./table";

/** What is known of an interval: its first row, the times of its first and last row, and four values. */
const [ROW, SINCE, UNTIL, FIRST, LOW, HIGH, LAST, WIDTH] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
/** Widths of intervals between one and its double: they are up to a twelfth narrower than a pixel. */
const WIDTHS = 8;
/** Pictures that are kept: charts times columns times zooms. */
const MAX_PICTURES = 32;

export class Mosaic {
  readonly #table: Table;
  readonly #column: number;
  readonly #step: number;
  #cells = new Float64Array(1024 * WIDTH);
  #start = 0;
  #count = 0;
  /** The row after the last interval, which may still grow. */
  #end = 0;

  constructor(table: Table, column: number, step: number) {
    this.#table = table;
    this.#column = column;
    this.#step = step;
  }

  /** Draws the intervals that the rows `[first, last)` are in, as far as the rows `[start, end)` are here. */
  draw(first: number, last: number, [start, end]: readonly [number, number], strip: Strip): void {
    const from = this.#borderBefore(first, start);
    const to = this.#borderAfter(last - 1, end);
    this.#forget(from);
    for (let row = this.#resume(from); row < to; ) row = this.#add(row, to);
    for (let at = this.#start; at < this.#start + this.#count; at += 1)
      this.#give(at * WIDTH, strip);
  }

  /** Where the interval of `row` begins. */
  #borderBefore(row: number, start: number): number {
    const interval = Math.floor(this.#table.time(row) / this.#step);
    return this.#table.near(interval * this.#step, start, row, row - 1);
  }

  #borderAfter(row: number, end: number): number {
    const interval = Math.floor(this.#table.time(row) / this.#step);
    return this.#table.near((interval + 1) * this.#step, row + 1, end, row + 2);
  }

  /** Lets go of the intervals before that of row `from`, and of all if it is in none. */
  #forget(from: number): void {
    if (this.#count === 0 || from < this.#row(0) || from >= this.#end) {
      this.#start = this.#count = 0;
      return;
    }
    while (this.#count > 1 && this.#row(1) <= from) {
      this.#start += 1;
      this.#count -= 1;
    }
    // Its first rows are not kept any more.
    if (this.#count > 1 && this.#row(0) < from) this.#measure(this.#start, from, this.#row(1));
  }

  /** The row to go on with: the last interval may have grown, and those after the window are computed again. */
  #resume(from: number): number {
    if (this.#count === 0) return from;
    this.#count -= 1;
    return Math.max(from, this.#row(this.#count));
  }

  /** Computes the interval that begins with `row`, and returns the row after it. */
  #add(row: number, last: number): number {
    const interval = Math.floor(this.#table.time(row) / this.#step);
    const width = this.#count === 0 ? 1 : row - this.#row(this.#count - 1);
    const edge = (interval + 1) * this.#step;
    const next = this.#table.near(edge, row + 1, last, row + width);
    this.#fit();
    this.#measure(this.#start + this.#count, row, next);
    this.#count += 1;
    this.#end = next;
    return next;
  }

  #measure(place: number, row: number, next: number): void {
    const table = this.#table;
    const cells = this.#cells;
    const at = place * WIDTH;
    cells[at + ROW] = row;
    cells[at + SINCE] = table.time(row);
    cells[at + UNTIL] = table.time(next - 1);
    cells[at + FIRST] = table.value(row, this.#column);
    cells[at + LAST] = table.value(next - 1, this.#column);
    table.fold(this.#column, row, next);
    cells[at + LOW] = table.low;
    cells[at + HIGH] = table.high;
  }

  #give(at: number, strip: Strip): void {
    const cells = this.#cells;
    strip.addMany(
      cells[at + SINCE] as number,
      cells[at + UNTIL] as number,
      cells[at + FIRST] as number,
      cells[at + LOW] as number,
      cells[at + HIGH] as number,
      cells[at + LAST] as number,
    );
  }

  #row(n: number): number {
    return this.#cells[(this.#start + n) * WIDTH] as number;
  }

  /** Makes room for one more. */
  #fit(): void {
    if ((this.#start + this.#count + 1) * WIDTH <= this.#cells.length) return;
    const used = this.#cells.subarray(this.#start * WIDTH, (this.#start + this.#count) * WIDTH);
    const isFull = 2 * used.length > this.#cells.length;
    const cells = isFull ? new Float64Array(2 * this.#cells.length) : this.#cells;
    if (isFull) cells.set(used);
    else cells.copyWithin(0, this.#start * WIDTH, (this.#start + this.#count) * WIDTH);
    this.#cells = cells;
    this.#start = 0;
  }
}

/** The pictures of one table. */
export class Mosaics {
  readonly #table: Table;
  readonly #known = new Map<string, Mosaic>();

  constructor(table: Table) {
    this.#table = table;
  }

  /** Some rows are others now. */
  clear(): void {
    this.#known.clear();
  }

  /** The picture of the `n`th run of rows in view, with intervals of `step` or a little less. */
  of(column: number, step: number, n: number): Mosaic {
    // Of few widths, so that a window that grows with its feed needs a new picture only now and then.
    const width = Math.floor(Math.log2(step) * WIDTHS);
    const key = `${column} ${n} ${width}`;
    let mosaic = this.#known.get(key);
    if (mosaic === undefined) {
      if (this.#known.size >= MAX_PICTURES) this.#known.clear();
      mosaic = new Mosaic(this.#table, column, 2 ** (width / WIDTHS));
      this.#known.set(key, mosaic);
    }
    return mosaic;
  }
}
