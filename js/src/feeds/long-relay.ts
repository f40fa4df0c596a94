/** For tests: a relay with one feed of millions of rows, which follow from their numbers. */
import type { Bytes } from "../protocol/frames";
import type { FeedLine, FeedListener, ViewerNews } from "../protocol/viewer";
import { binsBlock, feedSpec, rowsBlock } from "./support";

/** Each so many rows, one stands out: its value is its number. */
export const SPIKES = 65_537;
const ROUND = 100;
/** Rows in an answer to a fetch. */
const ANSWER_ROWS = 1 << 15;
const spec = feedSpec({ keep_rows: 100_000_000 });
const idle = { text: "", since: 0, retry_at: 0, attempts: 0, errors: 0, dropped: 0, recent: [] };
const status = { state: "live" as const, ...idle };

export function priceOf(row: number): number {
  return row % SPIKES === 0 ? row : row % ROUND;
}

export class LongRelay {
  epoch = "e1";
  end: number;
  /** What is watched: its level, none without a watch. */
  level: number | null = null;
  readonly levels: number[] = [];
  /** Fetches that wait for `answer`. */
  asked: { id: number; first: number; last: number; level: number }[] = [];
  drawn = 0;
  #listener: FeedListener = () => undefined;
  #open = true;
  #told = 0;

  constructor(end: number) {
    this.end = end;
  }

  readonly connect = (listener: FeedListener): FeedLine => {
    this.#listener = listener;
    const isOpen = (): boolean => this.#open;
    return {
      get open() {
        return isOpen();
      },
      watch: (epoch, after, level) => {
        if (!this.#open) return;
        this.level = level;
        this.levels.push(level);
        this.tellWatched(epoch === this.epoch && this.end - after <= 8192);
      },
      fetch: (id, first, last, level) => {
        if (this.#open) this.asked.push({ id, first, last, level });
      },
      drawn: (at) => {
        if (!this.#open) return;
        if (at > this.end) throw new Error(`${at} cannot be drawn of ${this.end} rows`);
        this.drawn = at;
      },
    };
  };

  tellWatched(brief = false): void {
    this.#told = this.end;
    const { epoch, end } = this;
    const overview = brief || end === 0 ? [] : [bins(4, 0, end)];
    this.#say({ type: "watched", feed: "f", spec, status, epoch, first: 0, end, overview });
  }

  push(count: number): void {
    this.end += count;
  }

  /** Tells what is new; with `skip`, only the newest of it (F7). */
  tell(skip = 0): void {
    if (!this.#open || this.level === null || this.#told === this.end) return;
    const { level, end } = this;
    const first = skip > 0 ? Math.max(this.#told, end - skip) : this.#told;
    this.#told = end;
    const block = level === 0 ? rows(first, end) : bins(level, first, end);
    const newest = level === 0 ? null : rows(end - 1, end);
    this.#say({ type: "rows", feed: "f", block, newest });
  }

  /** Answers the last fetch (F10), or what fits of it; false if there is none. */
  answer(): boolean {
    const wish = this.asked.pop();
    if (wish === undefined) return false;
    const { id, level, first } = wish;
    const stop = Math.min(wish.last, this.end);
    const last = Math.min(stop, (Math.floor(first / 16 ** level) + ANSWER_ROWS) * 16 ** level);
    const more = last < stop;
    if (more) this.asked.push({ ...wish, first: last });
    const whole = Math.min(Math.ceil(last / 16 ** level) * 16 ** level, this.end);
    const block = level === 0 ? rows : bins.bind(null, level);
    const blocks = first >= last ? [] : [block(first, whole)];
    this.#say({ type: "fetched", feed: "f", id, blocks, more });
    return true;
  }

  cut(): void {
    this.#open = false;
    this.level = null;
    this.asked = [];
    this.#listener({ type: "line", open: false });
  }

  resume(): void {
    this.#open = true;
    this.#listener({ type: "line", open: true });
  }

  /** Another table takes its place. */
  begin(epoch: string, end: number): void {
    this.epoch = epoch;
    this.end = end;
    this.asked = [];
    if (this.level !== null) this.tellWatched();
  }

  #say(news: ViewerNews): void {
    if (this.#open) this.#listener(news);
  }
}

function rows(first: number, last: number): Bytes {
  const time = Float64Array.from({ length: last - first }, (_, n) => first + n);
  return rowsBlock(first, [time, time.map(priceOf)], last);
}

function bins(level: number, first: number, last: number): Bytes {
  const size = 16 ** level;
  const from = Math.floor(first / size);
  const count = Math.ceil(last / size) - from;
  const time = Float64Array.from({ length: count }, (_, n) => (from + n) * size);
  const extremes = [...time].map((start) => extremesOf(start, Math.min(start + size, last)));
  const [low, high] = [extremes.map(([least]) => least), extremes.map(([, most]) => most)];
  return binsBlock(level, from * size, time, [[low, high]]);
}

function extremesOf(first: number, last: number): [low: number, high: number] {
  // Any so many rows have all values.
  const some = Math.min(last - first, 2 * ROUND);
  const values = Array.from({ length: some }, (_, n) => priceOf(first + n));
  const spike = Math.floor((last - 1) / SPIKES) * SPIKES;
  return [Math.min(...values), Math.max(...values, spike >= first ? spike : 0)];
}
