/** What is here of a feed: rows, and bins for some of those that are not. */
import type { Decoded } from "../columns/index";
import type { FeedSpec } from "../protocol/frames";
import { Bins } from "./bins";
import { Mosaics } from "./mosaic";
import { type Span, Spans } from "./spans";
import { PIECE, Table } from "./table";

/** Rows of history that a browser keeps at most: about 32 MB of two columns. Longer feeds stay with the relay. */
export const MAX_ROWS = 2_000_000;
/** Rows that are kept of such a feed: the newest, and those that are looked at. */
const MAX_GLIMPSE = 1 << 18;
const NEWEST = 1 << 16;

export class Holdings {
  readonly table: Table;
  readonly mosaics: Mosaics;
  readonly here = new Spans();
  bins: Bins;
  /** The feed's rows are `[first, end)`. */
  first = 0;
  end = 0;
  spec: FeedSpec;
  /** A row that came beside bins: it is in the table, but counts as missing. */
  #newest = -1;

  constructor(spec: FeedSpec) {
    this.spec = spec;
    this.table = new Table(spec.columns.map(({ type }) => type));
    this.mosaics = new Mosaics(this.table);
    this.bins = new Bins(spec.columns.length);
  }

  get viewport(): boolean {
    return Math.min(this.end - this.first, this.spec.keep_rows) > MAX_ROWS;
  }

  /** The same columns, or these with more after them; false if it has others. */
  follow(spec: FeedSpec): boolean {
    const same = this.spec.columns.every(({ name, type }, n) => {
      const now = spec.columns[n];
      return now?.name === name && now.type === type;
    });
    if (!same) return false;
    if (spec.columns.length > this.spec.columns.length) {
      this.table.grow(spec.columns.map(({ type }) => type));
      this.bins = new Bins(spec.columns.length);
    }
    this.spec = spec;
    return true;
  }

  /** The relay has `[first, end)`: what is here of others is void. */
  bound(first: number, end: number): void {
    if (end < this.end) {
      // A piece's extremes cannot be taken back: what is good of it comes again.
      const from = Math.floor(end / PIECE) * PIECE;
      this.table.drop(from, this.end);
      this.here.remove(from, this.end);
      this.bins.clear();
      this.mosaics.clear();
    }
    if (this.#newest >= end) this.#newest = -1;
    this.end = end;
    this.#retain(first);
  }

  /** Whether this row's values are known. */
  knows(row: number): boolean {
    return this.here.has(row) || (row === this.#newest && row === this.end - 1);
  }

  /** Takes the rows that are not here yet, and returns which these are. */
  putRows(block: Decoded): Span[] {
    const last = block.first + block.count;
    this.end = Math.max(this.end, last);
    const fresh = this.here.missing(Math.max(this.first, block.first), last);
    for (const [from, to] of fresh) {
      this.table.put(block.first, block.columns, from, to);
      this.here.add(from, to);
    }
    if (fresh.length > 0) this.#retain();
    return fresh;
  }

  putBins(block: Decoded): void {
    this.bins.put(block, this.end);
  }

  /** Takes the feed's last row, which came beside bins. */
  putNewest({ first, count, columns }: Decoded): void {
    if (count !== 1 || first < this.end - 1) return;
    const piece = Math.floor(this.#newest / PIECE);
    if (piece >= 0 && piece < Math.floor(first / PIECE)) this.#forgetEmpty(piece * PIECE);
    this.end = first + 1;
    if (!this.here.has(first)) this.table.put(first, columns, first, first + 1);
    this.#newest = first;
    this.#retain();
  }

  /** Rows `[first, last)` are nowhere any more. */
  lose(first: number, last: number): void {
    if (first <= this.first) this.#retain(Math.min(last, this.end));
  }

  /** In viewport mode: forgets what is neither new nor among the rows `[first, last)` of `level`. */
  trim(level: number, first: number, last: number): void {
    this.bins.trim(level, first, last);
    if (!this.viewport || this.table.size * PIECE <= MAX_GLIMPSE) return;
    const newest = this.end - NEWEST;
    const [from, to] = level === 0 ? [first, last] : [newest, newest];
    this.#forget(0, Math.min(from, newest));
    this.#forget(to, newest);
  }

  /** The first row at or after `t`, as well as is known here. */
  search(t: number): number {
    let [low, high] = [this.first, this.end];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.time(middle) < t) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first row that `row` cannot be told from: itself if it is here, or that of its bin. */
  floor(row: number): number {
    const level = this.here.has(row) ? 0 : this.bins.levelOf(row, 1);
    return Math.floor(row / 16 ** level) * 16 ** level;
  }

  /** The row's time, or a time before it that is as near as is known. */
  time(row: number): number {
    if (this.knows(row)) return this.table.time(row);
    const level = this.bins.levelOf(row, 1);
    const binned = level === 0 ? Number.NEGATIVE_INFINITY : this.bins.time(level, row);
    const before = this.here.before(row);
    return before < this.first ? binned : Math.max(binned, this.table.time(before));
  }

  /** Forgets rows before `least`, and those that need not be kept. */
  #retain(least = 0): void {
    const { keep_rows, keep_seconds } = this.spec;
    let first = Math.max(this.first, least, this.end - keep_rows);
    if (keep_seconds > 0 && this.knows(this.end - 1)) {
      const oldest = this.table.time(this.end - 1) - keep_seconds;
      // Times never go back: when one is too old, so are those before it.
      for (const [from, to] of this.here) {
        if (from >= to || this.table.time(from) >= oldest) break;
        first = Math.max(first, this.table.search(oldest, from, to));
      }
    }
    if (first <= this.first) return;
    this.first = first;
    this.here.remove(0, first);
    this.table.drop(0, Math.floor(first / PIECE) * PIECE);
  }

  /** The piece that begins with row `first`, if none of its rows is here. */
  #forgetEmpty(first: number): void {
    if (this.here.next(first) >= first + PIECE) this.table.drop(first, first + PIECE);
  }

  #forget(first: number, last: number): void {
    const [from, to] = [Math.ceil(first / PIECE) * PIECE, Math.floor(last / PIECE) * PIECE];
    if (to <= from) return;
    this.table.drop(from, to);
    this.here.remove(from, to);
  }
}
