/** Bars that a feed has as columns. */
import type { Holdings } from "./holdings";
import type { Bars } from "./view";

/** Bars in view; more than pixels on a screen are joined. */
export const MAX_BARS = 4096;

export class QuoteBars {
  readonly #on: Holdings;
  readonly #columns: readonly number[];
  #buffers = Array.from({ length: 6 }, () => new Float64Array(256));
  #count = 0;

  /** `columns` are open, high, low, close and volume; -1 is none. */
  constructor(on: Holdings, columns: readonly number[]) {
    this.#on = on;
    this.#columns = columns;
  }

  bars(from: number, to: number): Bars {
    const { here, table } = this.#on;
    const [first, last] = [this.#on.search(from), this.#on.search(to) + 1];
    const each = Math.max(1, Math.ceil((last - first) / MAX_BARS));
    this.#count = 0;
    let joined = 0;
    for (let row = here.next(first); row < last; row = here.next(row + 1)) {
      const cells = this.#columns.map((column) => (column < 0 ? 0 : table.value(row, column)));
      if (cells.some(Number.isNaN)) continue;
      if (joined % each === 0) this.#open(table.time(row), cells);
      else this.#join(cells);
      joined += 1;
    }
    const part = (n: number): Float64Array =>
      (this.#buffers[n] ?? new Float64Array(0)).subarray(0, this.#count);
    return {
      t: part(0),
      open: part(1),
      high: part(2),
      low: part(3),
      close: part(4),
      volume: part(5),
    };
  }

  #open(t: number, cells: readonly number[]): void {
    if (this.#count === this.#buffers[0]?.length) {
      this.#buffers = this.#buffers.map((buffer) => {
        const wider = new Float64Array(2 * buffer.length);
        wider.set(buffer);
        return wider;
      });
    }
    for (const [n, cell] of [t, ...cells].entries()) this.#set(n, this.#count, cell);
    this.#count += 1;
  }

  #join([, high = 0, low = 0, close = 0, volume = 0]: readonly number[]): void {
    const at = this.#count - 1;
    const held = (n: number): number => this.#buffers[n]?.[at] ?? 0;
    this.#set(2, at, Math.max(held(2), high));
    this.#set(3, at, Math.min(held(3), low));
    this.#set(4, at, close);
    this.#set(5, at, held(5) + volume);
  }

  #set(n: number, at: number, value: number): void {
    const buffer = this.#buffers[n];
    if (buffer) buffer[at] = value;
  }
}
