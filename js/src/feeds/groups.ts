/** Rows by the interval that their time is in: bars, and resampled values. Rows may come in any order, each once. */
import type { Strip } from "./strip";
import type { Table } from "./table";
import type { Bars, Resample } from "./view";

/** What is known of a group, in this order. */
const [BUCKET, FIRST, LAST, OPEN, HIGH, LOW, CLOSE, SUM, COUNT, VOLUME, WIDTH] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
] as const;
/** Groups that are over before the rest is packed. */
const MAX_DEAD = 1024;

export class Groups {
  readonly #every: number;
  readonly #column: number;
  readonly #volume: number;
  #cells = new Float64Array(64 * WIDTH);
  readonly #places = new Map<number, number>();
  /** The places in the order of time, unless they have to be sorted first. */
  #order: number[] = [];
  #isSorted = true;
  #buffers: Float64Array[] = [];

  /** `volume` is the column to sum up, or -1. */
  constructor(every: number, column: number, volume: number) {
    this.#every = every;
    this.#column = column;
    this.#volume = volume;
  }

  absorb(table: Table, first: number, last: number): void {
    for (let row = first; row < last; row += 1) {
      const value = table.value(row, this.#column);
      if (Number.isNaN(value)) continue;
      const volume = this.#volume < 0 ? 0 : table.value(row, this.#volume);
      this.#add(Math.floor(table.time(row) / this.#every), row, value, volume || 0);
    }
  }

  /** Rows before `first` are over, and with them the groups that have no others. */
  trim(first: number): void {
    const order = this.#sorted();
    let dead = 0;
    while (dead < order.length && this.#cell(order[dead], LAST) < first) dead += 1;
    if (dead < MAX_DEAD || dead < order.length / 2) return;
    const cells = new Float64Array(Math.max(64, 2 * (order.length - dead)) * WIDTH);
    const kept = order.slice(dead);
    this.#places.clear();
    for (const [place, old] of kept.entries()) {
      cells.set(this.#cells.subarray(old * WIDTH, (old + 1) * WIDTH), place * WIDTH);
      this.#places.set(cells[place * WIDTH] ?? 0, place);
    }
    this.#cells = cells;
    this.#order = [...kept.keys()];
  }

  bars(from: number, to: number): Bars {
    const [start, end] = this.#between(from, to);
    const fields = [BUCKET, OPEN, HIGH, LOW, CLOSE, VOLUME];
    if ((this.#buffers[0]?.length ?? 0) < end - start) {
      this.#buffers = fields.map(() => new Float64Array(2 * (end - start)));
    }
    for (let i = start; i < end; i += 1) {
      for (const [n, field] of fields.entries()) {
        const scale = field === BUCKET ? this.#every : 1;
        const buffer = this.#buffers[n];
        if (buffer) buffer[i - start] = this.#cell(this.#order[i], field) * scale;
      }
    }
    const part = (n: number): Float64Array =>
      (this.#buffers[n] ?? new Float64Array(0)).subarray(0, end - start);
    return {
      t: part(0),
      open: part(1),
      high: part(2),
      low: part(3),
      close: part(4),
      volume: part(5),
    };
  }

  /** As values at the beginning of each interval, and one beyond on either side. */
  draw(how: Resample["how"], from: number, to: number, px: number, strip: Strip): void {
    const [start, end] = this.#between(from, to);
    const [first, last] = [Math.max(0, start - 1), Math.min(this.#order.length, end + 1)];
    const each = Math.max(1, Math.ceil((last - first) / px));
    for (let i = first; i < last; ) {
      const next = each <= 4 ? i + 1 : Math.min(last, i + each);
      if (next === i + 1) strip.add(this.#time(i), this.#value(i, how));
      else this.#thin(how, i, next, strip);
      i = next;
    }
  }

  #thin(how: Resample["how"], first: number, next: number, strip: Strip): void {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = first; i < next; i += 1) {
      const value = this.#value(i, how);
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    const ends = [this.#value(first, how), this.#value(next - 1, how)] as const;
    strip.addMany(this.#time(first), this.#time(next - 1), ends[0], low, high, ends[1]);
  }

  #add(bucket: number, row: number, value: number, volume: number): void {
    const at = this.#place(bucket) * WIDTH;
    const cells = this.#cells;
    if (row < (cells[at + FIRST] ?? 0)) {
      cells[at + FIRST] = row;
      cells[at + OPEN] = value;
    }
    if (row > (cells[at + LAST] ?? 0)) {
      cells[at + LAST] = row;
      cells[at + CLOSE] = value;
    }
    cells[at + HIGH] = Math.max(cells[at + HIGH] ?? 0, value);
    cells[at + LOW] = Math.min(cells[at + LOW] ?? 0, value);
    cells[at + SUM] = (cells[at + SUM] ?? 0) + value;
    cells[at + COUNT] = (cells[at + COUNT] ?? 0) + 1;
    cells[at + VOLUME] = (cells[at + VOLUME] ?? 0) + volume;
  }

  #place(bucket: number): number {
    const known = this.#places.get(bucket);
    if (known !== undefined) return known;
    const place = this.#places.size;
    if ((place + 1) * WIDTH > this.#cells.length) {
      const cells = new Float64Array(2 * this.#cells.length);
      cells.set(this.#cells);
      this.#cells = cells;
    }
    const [none, never] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    this.#cells.set([bucket, never, -1, 0, none, never, 0, 0, 0, 0], place * WIDTH);
    this.#places.set(bucket, place);
    this.#isSorted &&= this.#cell(this.#order.at(-1), BUCKET) < bucket || place === 0;
    this.#order.push(place);
    return place;
  }

  #sorted(): number[] {
    if (!this.#isSorted) {
      this.#order.sort((a, b) => this.#cell(a, BUCKET) - this.#cell(b, BUCKET));
      this.#isSorted = true;
    }
    return this.#order;
  }

  /** Which of the sorted groups overlap `[from, to]`. */
  #between(from: number, to: number): [start: number, end: number] {
    return [this.#search(Math.floor(from / this.#every)), this.#search(to / this.#every, true)];
  }

  /** How many groups are before this bucket; with `through`, how many begin up to it. */
  #search(bucket: number, through = false): number {
    const order = this.#sorted();
    let [low, high] = [0, order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const found = this.#cell(order[middle], BUCKET);
      if (found < bucket || (through && found === bucket)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #time(i: number): number {
    return this.#cell(this.#order[i], BUCKET) * this.#every;
  }

  #value(i: number, how: Resample["how"]): number {
    const place = this.#order[i];
    if (how === "mean") return this.#cell(place, SUM) / this.#cell(place, COUNT);
    const fields = { last: CLOSE, first: OPEN, min: LOW, max: HIGH, sum: SUM, count: COUNT };
    return this.#cell(place, fields[how]);
  }

  #cell(place: number | undefined, field: number): number {
    return this.#cells[(place ?? 0) * WIDTH + field] ?? Number.NaN;
  }
}
