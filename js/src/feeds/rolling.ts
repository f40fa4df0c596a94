/** A value for each row from those of the last seconds, computed once: drawn like a column of the feed. */
import type { Holdings } from "./holdings";
import { Mosaics } from "./mosaic";
import type { Drawable } from "./paint";
import { Spans } from "./spans";
import { PIECE, Table } from "./table";
import type { Rolling } from "./view";

/** Rows after which the sums are made afresh: what adding and taking away leaves of rounding must not grow. */
const MAX_AGE = 1 << 16;

export class RollingColumn implements Drawable {
  readonly table = new Table(["number"]);
  readonly mosaics = new Mosaics(this.table);
  readonly here = new Spans();
  readonly bins = null;
  readonly #on: Holdings;
  readonly #transform: Rolling;
  readonly #sums: Sums;

  constructor(on: Holdings, column: number, transform: Rolling) {
    this.#on = on;
    this.#transform = transform;
    this.#sums = new Sums(on.table, column);
  }

  get first(): number {
    return this.#on.first;
  }

  get end(): number {
    return this.#on.end;
  }

  search(t: number): number {
    return this.#on.search(t);
  }

  /** Computes what can be: rows whose whole span is here, or as much of it as there is. */
  advance(): void {
    const { here, first, table } = this.#on;
    for (const [start, end] of here) {
      for (const [from, to] of this.here.missing(Math.max(start, first), end)) {
        const whole = table.time(start) + this.#transform.span;
        this.#compute(start, start <= first ? from : table.search(whole, from, to), to);
      }
    }
  }

  /** Rows before `first` are over. */
  trim(first: number): void {
    this.here.remove(0, first);
    this.table.drop(0, Math.floor(first / PIECE) * PIECE);
  }

  /** Rows `[from, to)`, of a run that begins with row `start`. */
  #compute(start: number, from: number, to: number): void {
    if (to <= from) return;
    const [time, values] = [new Float64Array(to - from), new Float64Array(to - from)];
    const { table } = this.#on;
    const { how, span } = this.#transform;
    this.#sums.begin(start, table.search(table.time(from) - span, start, from), from);
    for (let row = from; row < to; row += 1) {
      const t = table.time(row);
      time[row - from] = t;
      this.#sums.move(t - span, row);
      values[row - from] = this.#sums.value(how);
    }
    const columns = new Map([
      [0, time],
      [1, values],
    ]);
    this.table.put(from, columns, from, to);
    this.here.add(from, to);
  }
}

/** The sums of a window that only moves forward. */
class Sums {
  readonly #table: Table;
  readonly #column: number;
  #first = 0;
  #next = 0;
  #age = MAX_AGE;
  #shift = 0;
  #count = 0;
  #sum = 0;
  #squares = 0;

  constructor(table: Table, column: number) {
    this.#table = table;
    this.#column = column;
  }

  /** Rows `[first, next)` are in the window, as it may be already; those from `start` on are here. */
  begin(start: number, first: number, next: number): void {
    const goesOn = next === this.#next && start <= this.#first && this.#first <= first;
    if (goesOn && this.#age < MAX_AGE) return;
    [this.#first, this.#next, this.#age] = [first, first, 0];
    [this.#count, this.#sum, this.#squares] = [0, 0, 0];
    this.#shift = this.#table.value(first, this.#column) || 0;
    while (this.#next < next) this.#take(this.#next++, 1);
  }

  /** Takes `row` in and lets go of those at or before `since`. */
  move(since: number, row: number): void {
    if (this.#age >= MAX_AGE) this.begin(this.#first, this.#first, row);
    this.#age += 1;
    this.#take(row, 1);
    this.#next = row + 1;
    while (this.#first < row && this.#table.time(this.#first) <= since)
      this.#take(this.#first++, -1);
  }

  value(how: Rolling["how"]): number {
    const [n, sum] = [this.#count, this.#sum];
    if (n === 0) return Number.NaN;
    if (how === "min" || how === "max") {
      this.#table.fold(this.#column, this.#first, this.#next);
      return how === "min" ? this.#table.low : this.#table.high;
    }
    if (how === "sum") return sum + n * this.#shift;
    if (how === "mean") return sum / n + this.#shift;
    return n < 2 ? Number.NaN : Math.sqrt(Math.max(0, this.#squares - (sum * sum) / n) / (n - 1));
  }

  #take(row: number, sign: number): void {
    const value = this.#table.value(row, this.#column) - this.#shift;
    if (Number.isNaN(value)) return;
    this.#count += sign;
    this.#sum += sign * value;
    this.#squares += sign * value * value;
  }
}
