/**
 * Rows by their number, in pieces of 4,096, with the minimum and maximum of every 16, 256 and 4,096 of them.
 *
 * Which rows are there is the owner's business (`Spans`): it puts each of them once and asks for no others.
 */
import { type Column, checksum, type Floats } from "../columns/index";
import type { ColumnType } from "../protocol/frames";

/** Rows in a piece. With more, feeds of a few rows waste memory; with fewer, there are too many pieces to search. */
export const PIECE = 4096;
/** A piece's nodes: 256 of 16 rows, then 16 of 256, then one. */
const NODES = 273;
/** Pieces of dropped rows that are used again: a feed that keeps its length needs no new memory. */
const MAX_SPARE = 4;

interface Piece {
  time: Float64Array;
  values: Floats[];
  low: Float64Array[];
  high: Float64Array[];
  /** The checksum of all its rows, once it has been asked for. */
  sum: number | null;
}

export class Table {
  /** By column, 0 is the time: the words of a text column, whose values are places in here. */
  readonly words: (Map<string, number> | null)[] = [null];
  #types: readonly ColumnType[];
  readonly #pieces = new Map<number, Piece>();
  #spare: Piece[] = [];
  #at = -1;
  #piece: Piece | undefined;
  #low = Number.NaN;
  #high = Number.NaN;

  constructor(types: readonly ColumnType[]) {
    this.#types = [];
    this.grow(types);
  }

  /** How many pieces there are. */
  get size(): number {
    return this.#pieces.size;
  }

  /** There are more columns now, which the rows so far lack. */
  grow(types: readonly ColumnType[]): void {
    const added = types.slice(this.#types.length);
    this.#types = types;
    this.#spare = [];
    for (const type of added) {
      this.words.push(type === "text" ? new Map([["", 0]]) : null);
      for (const piece of this.#pieces.values()) addColumn(piece, type);
    }
  }

  /** Rows `[first, last)` of a block that begins with row `base`; without a column, its values are gaps. */
  put(base: number, columns: ReadonlyMap<number, Column>, first: number, last: number): void {
    const time = columns.get(0) as Float64Array;
    for (let row = first; row < last; ) {
      const index = Math.floor(row / PIECE);
      const start = row - index * PIECE;
      const count = Math.min(last - row, PIECE - start);
      const from = row - base;
      const piece = this.#make(index);
      piece.time.set(time.subarray(from, from + count), start);
      for (const [n, values] of piece.values.entries()) {
        this.#fill(n, values, start, columns.get(n + 1), from, count);
        if (this.words[n + 1] === null) absorb(piece, n, start, start + count);
      }
      row += count;
    }
  }

  time(row: number): number {
    const index = Math.floor(row / PIECE);
    return this.#find(index)?.time[row - index * PIECE] ?? Number.NaN;
  }

  value(row: number, column: number): number {
    if (column === 0) return this.time(row);
    const index = Math.floor(row / PIECE);
    return this.#find(index)?.values[column - 1]?.[row - index * PIECE] ?? Number.NaN;
  }

  /** The first of the rows `[first, last)` with a time at or above `t`; `last` if there is none. */
  search(t: number, first: number, last: number): number {
    let [low, high] = [first, last];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.time(middle) < t) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** As `search`, when the answer is likely near `guess`. */
  near(t: number, first: number, last: number, guess: number): number {
    let low = first;
    let high = last;
    let at = guess;
    let was = 0;
    for (let step = 1; low < high; step *= 2) {
      at = Math.min(Math.max(at, low), high - 1);
      const side = this.time(at) < t ? 1 : -1;
      if (side > 0) low = at + 1;
      else high = at;
      if (was === -side) break; // it is between the two
      was = side;
      at += side * step;
    }
    return this.search(t, low, high);
  }

  /** Finds the `low` and `high` of rows `[first, last)`: NaN if none of them has a value. */
  fold(column: number, first: number, last: number): void {
    this.#low = Number.POSITIVE_INFINITY;
    this.#high = Number.NEGATIVE_INFINITY;
    for (let row = first; row < last; ) {
      const index = Math.floor(row / PIECE);
      const end = Math.min(PIECE, last - index * PIECE);
      const piece = this.#find(index);
      if (piece !== undefined) this.#foldIn(piece, column - 1, row - index * PIECE, end);
      row = index * PIECE + end;
    }
  }

  /** What the last `fold` found. */
  get low(): number {
    return this.#low > this.#high ? Number.NaN : this.#low;
  }

  get high(): number {
    return this.#low > this.#high ? Number.NaN : this.#high;
  }

  /** The checksum of rows `[first, last)`, added to that of others. */
  checksum(first: number, last: number, crc: number): number {
    let sum = crc;
    for (let row = first; row < last; ) {
      const index = Math.floor(row / PIECE);
      const end = Math.min(last, (index + 1) * PIECE);
      const piece = this.#find(index);
      if (piece === undefined) return sum;
      if (end - row < PIECE) sum = this.#checksumOf(piece, row, end, sum);
      else {
        // Live feeds are asked again and again, and only the last piece is another.
        piece.sum ??= this.#checksumOf(piece, row, end, 0);
        sum = (sum + piece.sum) >>> 0;
      }
      row = end;
    }
    return sum;
  }

  /** The pieces that hold any of the rows `[first, last)` are no longer needed. */
  drop(first: number, last: number): void {
    for (const [index, piece] of this.#pieces) {
      if ((index + 1) * PIECE <= first || index * PIECE >= last) continue;
      this.#pieces.delete(index);
      if (this.#spare.length < MAX_SPARE) this.#spare.push(piece);
    }
    this.#at = -1;
  }

  #find(index: number): Piece | undefined {
    if (index !== this.#at) {
      this.#at = index;
      this.#piece = this.#pieces.get(index);
    }
    return this.#piece;
  }

  #make(index: number): Piece {
    const found = this.#pieces.get(index);
    if (found !== undefined) return found;
    const piece = this.#spare.pop() ?? newPiece(this.#types);
    piece.sum = null;
    for (const nodes of piece.low) nodes.fill(Number.POSITIVE_INFINITY);
    for (const nodes of piece.high) nodes.fill(Number.NEGATIVE_INFINITY);
    this.#pieces.set(index, piece);
    this.#at = -1;
    return piece;
  }

  #checksumOf(piece: Piece, first: number, last: number, crc: number): number {
    const [from, to] = [first % PIECE, (first % PIECE) + (last - first)];
    const columns = new Map<number, Column>([[0, piece.time.subarray(from, to)]]);
    for (const [n, values] of piece.values.entries()) {
      const part = values.subarray(from, to);
      const known = this.words[n + 1];
      const words = known ? [...known.keys()] : null;
      columns.set(n + 1, words ? Array.from(part, (code) => words[code] ?? "") : part);
    }
    return checksum(first, columns, crc);
  }

  #fill(
    n: number,
    into: Floats,
    start: number,
    values: Column | undefined,
    from: number,
    count: number,
  ): void {
    const words = this.words[n + 1];
    if (values === undefined) into.fill(words ? 0 : Number.NaN, start, start + count);
    else if (!Array.isArray(values)) into.set(values.subarray(from, from + count), start);
    else if (words) {
      for (let i = 0; i < count; i += 1) into[start + i] = codeOf(words, values[from + i] ?? "");
    }
  }

  #foldIn(piece: Piece, n: number, start: number, end: number): void {
    const values = piece.values[n];
    const lows = piece.low[n];
    const highs = piece.high[n];
    if (values === undefined || lows === undefined || highs === undefined) return;
    // What is not whole on either side, of each width.
    const from = (start + 15) >> 4;
    const to = end >> 4;
    if (to <= from) {
      this.#scan(values, values, start, end);
      return;
    }
    this.#scan(values, values, start, from << 4);
    this.#scan(values, values, to << 4, end);
    const first = (from + 15) >> 4;
    const last = to >> 4;
    if (last <= first) this.#scan(lows, highs, from, to);
    else {
      this.#scan(lows, highs, from, first << 4);
      this.#scan(lows, highs, last << 4, to);
      if (last - first === 16) this.#scan(lows, highs, 272, 273);
      else this.#scan(lows, highs, 256 + first, 256 + last);
    }
  }

  /** A comparison with NaN is false, so gaps change nothing. */
  #scan(lows: Floats, highs: Floats, from: number, to: number): void {
    let low = this.#low;
    let high = this.#high;
    for (let at = from; at < to; at += 1) {
      const least = lows[at] as number;
      const most = highs[at] as number;
      if (least < low) low = least;
      if (most > high) high = most;
    }
    this.#low = low;
    this.#high = high;
  }
}

function newPiece(types: readonly ColumnType[]): Piece {
  const piece: Piece = { time: new Float64Array(PIECE), values: [], low: [], high: [], sum: null };
  for (const type of types) addColumn(piece, type);
  return piece;
}

function addColumn({ values, low, high }: Piece, type: ColumnType): void {
  const column = type === "single" ? new Float32Array(PIECE) : new Float64Array(PIECE);
  values.push(type === "text" ? column : column.fill(Number.NaN));
  low.push(new Float64Array(NODES).fill(Number.POSITIVE_INFINITY));
  high.push(new Float64Array(NODES).fill(Number.NEGATIVE_INFINITY));
}

function codeOf(words: Map<string, number>, word: string): number {
  const code = words.get(word) ?? words.size;
  words.set(word, code);
  return code;
}

/** New values at `[start, end)` of a piece go into every node above them. */
function absorb(piece: Piece, n: number, start: number, end: number): void {
  const [values, low, high] = [piece.values[n], piece.low[n], piece.high[n]];
  if (values === undefined || low === undefined || high === undefined) return;
  for (let at = start; at < end; at += 1) {
    const value = values[at] as number;
    widen(low, high, at >> 4, value, value);
  }
  for (let node = start >> 4; node <= (end - 1) >> 4; node += 1) {
    widen(low, high, 256 + (node >> 4), low[node] as number, high[node] as number);
  }
  for (let node = start >> 8; node <= (end - 1) >> 8; node += 1) {
    widen(low, high, 272, low[256 + node] as number, high[256 + node] as number);
  }
}

function widen(
  low: Float64Array,
  high: Float64Array,
  node: number,
  least: number,
  most: number,
): void {
  if (least < (low[node] as number)) low[node] = least;
  if (most > (high[node] as number)) high[node] = most;
}
