/** Which rows: a set of ranges, as few as possible. */

export type Span = readonly [first: number, last: number];

export class Spans {
  /** Where the set begins, ends, begins again …; each above the one before. */
  #edges: number[] = [];

  /** How many rows there are in it. */
  get size(): number {
    let size = 0;
    for (const [first, last] of this) size += last - first;
    return size;
  }

  *[Symbol.iterator](): Generator<Span> {
    for (let i = 0; i < this.#edges.length; i += 2) {
      yield [this.#edges[i] ?? 0, this.#edges[i + 1] ?? 0];
    }
  }

  add(first: number, last: number): void {
    if (last <= first) return;
    const edges = this.#edges;
    const end = edges.length - 1;
    if (end > 0 && first === edges[end]) {
      edges[end] = last; // rows mostly come at the end
      return;
    }
    const [from, to] = [this.#below(first), this.#upTo(last)];
    edges.splice(from, to - from, ...inner(from, first), ...inner(to, last));
  }

  remove(first: number, last: number): void {
    if (last <= first) return;
    const [from, to] = [this.#below(first), this.#upTo(last)];
    this.#edges.splice(from, to - from, ...inner(from + 1, first), ...inner(to + 1, last));
  }

  clear(): void {
    this.#edges = [];
  }

  has(row: number): boolean {
    return this.#upTo(row) % 2 === 1;
  }

  /** Up to where everything from `row` on is in it: `row` itself if that is not. */
  run(row: number): number {
    const at = this.#upTo(row);
    return at % 2 === 1 ? (this.#edges[at] ?? row) : row;
  }

  /** From where everything up to `row` (exclusive) is in it: `row` itself if there is nothing before it. */
  start(row: number): number {
    const at = this.#below(row);
    return at % 2 === 1 ? (this.#edges[at - 1] ?? row) : row;
  }

  /** The last row before `row` that is in it; -1 if there is none. */
  before(row: number): number {
    const at = this.#below(row);
    return at % 2 === 1 ? row - 1 : (this.#edges[at - 1] ?? 0) - 1;
  }

  /** The next row from `row` on that is in it; infinity if there is none. */
  next(row: number): number {
    const at = this.#upTo(row);
    return at % 2 === 1 ? row : (this.#edges[at] ?? Number.POSITIVE_INFINITY);
  }

  /** What of `[first, last)` is not in it, in order. */
  missing(first: number, last: number): Span[] {
    const spans: Span[] = [];
    for (let row = this.run(first); row < last; ) {
      const next = Math.min(this.next(row), last);
      spans.push([row, next]);
      row = this.run(next);
    }
    return spans;
  }

  /** How many edges are below `row`. */
  #below(row: number): number {
    let [low, high] = [0, this.#edges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#edges[middle] ?? 0) < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** How many edges are at or below `row`. */
  #upTo(row: number): number {
    return this.#below(row + 1);
  }
}

/** `edge` where there are so many before it that it is one, and nothing within a range. */
function inner(before: number, edge: number): number[] {
  return before % 2 === 0 ? [edge] : [];
}
