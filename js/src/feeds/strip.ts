/** Points on their way to the screen: the first, lowest, highest and last of each pixel, in buffers used again. */
import type { Points } from "./view";

export class Strip {
  #t = new Float64Array(1024);
  #y = new Float64Array(1024);
  #n = 0;
  #exact = true;

  /** Empty again. */
  clear(): this {
    this.#n = 0;
    this.#exact = true;
    return this;
  }

  get points(): Points {
    const [t, y] = [this.#t.subarray(0, this.#n), this.#y.subarray(0, this.#n)];
    return { t, y, exact: this.#exact };
  }

  add(t: number, y: number): void {
    if (this.#n === this.#t.length) this.#widen();
    // A bin may begin before the rows that are drawn already.
    this.#t[this.#n] = this.#n === 0 ? t : Math.max(t, this.#t[this.#n - 1] ?? t);
    this.#y[this.#n] = y;
    this.#n += 1;
  }

  /** Lines end here: what comes next is not known to follow. */
  gap(): void {
    const last = this.#n - 1;
    if (last >= 0 && !Number.isNaN(this.#y[last])) this.add(this.#t[last] ?? 0, Number.NaN);
  }

  /** Many values from `from` to `to`, of which only the extremes may be seen. NaN: none of them is a number. */
  addMany(from: number, to: number, first: number, low: number, high: number, last: number): void {
    this.#exact = false;
    const third = (to - from) / 3;
    // In the order in which the line is shorter: the pixel is as wide as the line anyway.
    const isRising = !(last < first);
    const before = isRising ? low : high;
    const after = isRising ? high : low;
    this.add(from, first);
    if (!Number.isNaN(before) && before !== first && before !== last)
      this.add(from + third, before);
    if (!Number.isNaN(after) && after !== first && after !== last) this.add(to - third, after);
    if (last !== first && !(Number.isNaN(last) && Number.isNaN(first))) this.add(to, last);
  }

  #widen(): void {
    const [t, y] = [new Float64Array(2 * this.#n), new Float64Array(2 * this.#n)];
    t.set(this.#t);
    y.set(this.#y);
    [this.#t, this.#y] = [t, y];
  }
}
