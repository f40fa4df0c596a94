/**
 * A feed as a chart sees it: what is there of it in this browser, and queries that are cheap enough for
 * every frame. Times are Unix seconds; a column is named as in the spec, and `""` is nobody's name.
 */
import type { FeedSpec, FeedStatus } from "../protocol/frames";

/**
 * Something to draw, in the order of time, as many as `t` is long.
 *
 * A NaN in `y` is a gap: a row without a value, or rows that are not here yet. The arrays are views into buffers
 * that the next call with the same `column` uses again: copy what is to be kept.
 */
export interface Points {
  t: Float64Array;
  y: Float64Array;
  /** These are the rows themselves, not the first, lowest, highest and last of each pixel. */
  exact: boolean;
}

export interface Bars {
  t: Float64Array;
  open: Float64Array;
  high: Float64Array;
  low: Float64Array;
  close: Float64Array;
  /** Zeros where the transform names no volume. */
  volume: Float64Array;
}

export interface At {
  row: number;
  t: number;
  /** NaN is a gap; a text column's is its word. */
  value: number | string;
}

export interface Row {
  row: number;
  t: number;
  /** In the order of the spec's columns. */
  values: (number | string)[];
}

export interface Ohlc {
  op: "ohlc";
  /** Seconds per bar; bars begin at multiples of it. */
  every: number;
  price: string;
  volume?: string | null;
}

/** Bars that are columns already; more than 4,096 in view are joined. */
export interface Quotes {
  op: "columns";
  open: string;
  high: string;
  low: string;
  close: string;
  volume?: string | null;
}

export interface Resample {
  op: "resample";
  every: number;
  how: "last" | "first" | "mean" | "min" | "max" | "sum" | "count";
}

/** Of the values within the `span` seconds that end with each row. */
export interface Rolling {
  op: "rolling";
  span: number;
  how: "mean" | "min" | "max" | "sum" | "std";
}

/**
 * What listeners hear, after the view has it:
 *
 * - `rows`: rows came, were dropped, or a part of the history or an overview arrived: draw again
 * - `spec`: there is a feed, there is none any more, or it has other columns
 * - `status`: `status` or `open` is another
 * - `reset`: what was here is void (another epoch); `spec` follows
 */
export type FeedChange = "rows" | "spec" | "status" | "reset";

export interface FeedView {
  readonly name: string;
  /** Null until the relay has told of it, and when there is no such feed. */
  readonly spec: FeedSpec | null;
  readonly status: FeedStatus | null;
  /** Whether the line to the relay stands; if not, what is here may be old. */
  readonly open: boolean;
  /** The rows `[first, end)` are the feed now; of these, `loaded` are here. In viewport mode not all of them come. */
  readonly first: number;
  readonly end: number;
  readonly loaded: number;
  /** When the producer sent the newest block that is here; 0 if there is none. */
  readonly sentAt: number;
  /** Grows with every change of rows: who has drawn this revision need not draw again. */
  readonly revision: number;
  /** Above 2,000,000 rows the history stays with the relay, and comes as bins and rows of what is looked at. */
  readonly viewport: boolean;

  /** The time of the first and the last row; null without rows. */
  extent(): [from: number, to: number] | null;

  /**
   * At most four points per pixel (first, lowest, highest, last), with the rows just outside on either side so that
   * lines leave the picture. What of it is not here is asked for: `rows` is told when it has come.
   */
  points(column: string, from: number, to: number, px: number): Points;

  /** The lowest and highest value of the rows in `[from, to]`, for the axis; null if there is none. */
  range(column: string, from: number, to: number): [low: number, high: number] | null;

  /** The row nearest in time that is here and has a value, for the crosshair. */
  at(t: number, column: string): At | null;

  /** The newest rows in `[from, to]` that are here, oldest first, at most `limit`. */
  rows(from: number, to: number, limit: number): Iterable<Row>;

  /** The bars that overlap `[from, to]`, the growing last one included. Only new rows are computed. */
  bars(transform: Ohlc | Quotes, from: number, to: number): Bars;

  /** `points` of a derived feed: its values are drawn like rows. A resampled value stands at its interval's start. */
  series(
    transform: Resample | Rolling,
    column: string,
    from: number,
    to: number,
    px: number,
  ): Points;

  /** The words of a text column, by the code that `points` gives for it. */
  words(column: string): readonly string[];

  /** A number that is equal wherever the same rows are, all of them: the checksum of `columns` over `[first, end)`. */
  checksum(): number;

  on(listener: (change: FeedChange) => void, signal: AbortSignal): void;

  /** Call after each painting, and when there is nothing to paint: it is what lets more rows come (F7). */
  drawn(): void;
}
