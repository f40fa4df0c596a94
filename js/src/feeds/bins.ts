/** Extremes of 16**level rows each, for rows that are not here: the overview, and tiles of what is looked at. */
import type { Column, Decoded } from "../columns/index";
import { Spans } from "./spans";
import { PIECE, Table } from "./table";

/** Bins cover up to 16 ** 6 rows. */
export const MAX_LEVEL = 6;
/** Pieces of all levels; a piece of four columns takes 300 KB. With more, what nobody looks at is forgotten. */
const MAX_PIECES = 48;

interface Level {
  /** A row is a bin; columns 2n-1 and 2n are the minimum and the maximum of column n. */
  bins: Table;
  /** The rows that they cover. */
  here: Spans;
}

export class Bins {
  readonly #width: number;
  readonly #levels: Level[] = [];

  /** `width` is the number of columns beside the time. */
  constructor(width: number) {
    this.#width = width;
    this.clear();
  }

  clear(): void {
    for (let level = 1; level <= MAX_LEVEL; level += 1) {
      const bins = new Table(Array(2 * this.#width).fill("number"));
      this.#levels[level - 1] = { bins, here: new Spans() };
    }
  }

  /** A bin that grows comes again, wider. `end` is where the feed ended when they were made. */
  put({ level, first, count, columns, low, high }: Decoded, end: number): void {
    const into = this.#levels[level - 1];
    const time = columns.get(0);
    if (into === undefined || time === undefined) return;
    const size = 16 ** level;
    const base = Math.floor(first / size);
    const pairs = new Map<number, Column>([[0, time]]);
    for (const [column, values] of low) pairs.set(2 * column - 1, values);
    for (const [column, values] of high) pairs.set(2 * column, values);
    into.bins.put(base, pairs, base, base + count);
    into.here.add(base * size, Math.min((base + count) * size, end));
  }

  /** Which level to draw `row` with, best `want`: a finer one rather than a coarser. 0 if it is in none. */
  levelOf(row: number, want: number): number {
    for (let level = want; level > 0; level -= 1) if (this.#has(level, row)) return level;
    for (let level = want + 1; level <= MAX_LEVEL; level += 1) {
      if (this.#has(level, row)) return level;
    }
    return 0;
  }

  missing(level: number, first: number, last: number) {
    return this.#levels[level - 1]?.here.missing(first, last) ?? [];
  }

  /** The next row that any level has; infinity if there is none. */
  next(row: number): number {
    return Math.min(...this.#levels.map(({ here }) => here.next(row)));
  }

  /** The time of the first row in the bin that holds `row`. */
  time(level: number, row: number): number {
    return this.#levels[level - 1]?.bins.time(Math.floor(row / 16 ** level)) ?? Number.NaN;
  }

  low(level: number, row: number, column: number): number {
    return this.#value(level, row, 2 * column - 1);
  }

  high(level: number, row: number, column: number): number {
    return this.#value(level, row, 2 * column);
  }

  /** Forgets, if they are too many, those beside the rows `[first, last)`; of other levels, nearly all. */
  trim(level: number, first: number, last: number): void {
    for (let other = 1; this.#size() > MAX_PIECES && other <= MAX_LEVEL; other += 1) {
      const piece = PIECE * 16 ** other;
      const end = other === level ? last : first;
      this.#forget(other, 0, Math.floor(first / piece) * piece);
      this.#forget(other, Math.ceil(end / piece) * piece, Number.MAX_SAFE_INTEGER);
    }
  }

  #forget(level: number, first: number, last: number): void {
    const size = 16 ** level;
    this.#levels[level - 1]?.bins.drop(first / size, last / size);
    this.#levels[level - 1]?.here.remove(first, last);
  }

  #has(level: number, row: number): boolean {
    return this.#levels[level - 1]?.here.has(row) ?? false;
  }

  #value(level: number, row: number, column: number): number {
    return this.#levels[level - 1]?.bins.value(Math.floor(row / 16 ** level), column) ?? Number.NaN;
  }

  #size(): number {
    return this.#levels.reduce((sum, { bins }) => sum + bins.size, 0);
  }
}
