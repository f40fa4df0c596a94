/** For tests: a relay with one feed, as PROTOCOL.md has it, that the test fills, cuts and restarts. */
import { checksum } from "../columns/index";
import type { Bytes, FeedSpec } from "../protocol/frames";
import type { FeedLine, FeedListener, ViewerNews } from "../protocol/viewer";
import { binsBlock, feedSpec, rowsBlock } from "./support";

const IDLE = {
  state: "live",
  text: "",
  since: 0,
  retry_at: 0,
  attempts: 0,
  errors: 0,
  dropped: 0,
  recent: [],
} as const;

/** Rows in an answer to a fetch, and in the chunks that are sent whole. */
export const ANSWER_ROWS = 3000;
const CHUNK_ROWS = 1000;

export interface Asked {
  id: number;
  first: number;
  last: number;
  level: number;
}

export class FakeRelay {
  spec: FeedSpec | null;
  epoch = "e1";
  first = 0;
  readonly time: number[] = [];
  readonly price: number[] = [];
  /** Fetches that wait for `answer`. */
  asked: Asked[] = [];
  readonly watched: { epoch: string; after: number; level: number }[] = [];
  readonly drawn: number[] = [];
  /** Rows that have been sent, each as often as it was. */
  readonly sent = new Map<number, number>();
  /** The level of the overview; 0 is none. */
  overview = 0;
  #listener: FeedListener = () => undefined;
  #open = true;
  #watching = false;
  #told = 0;

  constructor(over: Partial<FeedSpec> = {}) {
    this.spec = feedSpec(over);
  }

  get end(): number {
    return this.time.length;
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
        this.watched.push({ epoch, after, level });
        this.#watching = true;
        this.tellWatched();
      },
      fetch: (id, first, last, level) => {
        if (this.#open) this.asked.push({ id, first, last, level });
      },
      drawn: (at) => {
        if (this.#open) this.drawn.push(at);
      },
    };
  };

  tellWatched(): void {
    this.#told = this.end;
    const { spec, epoch, first, end } = this;
    const overview = this.overview > 0 && end > 0 ? [this.bins(this.overview, first, end)] : [];
    this.say({
      type: "watched",
      feed: "f",
      spec,
      status: { ...IDLE, recent: [] },
      epoch,
      first,
      end,
      overview,
    });
  }

  say(news: ViewerNews): void {
    if (this.#open) this.#listener(news);
  }

  /** Rows come; watchers are told of them at once, or `later`. */
  push(count: number, value = (row: number): number => Math.sin(row / 50), later = false): void {
    for (let n = 0; n < count; n += 1) {
      this.price.push(value(this.end));
      this.time.push(this.time.length);
    }
    if (!later) this.tell();
  }

  /** Tells what is new; with `skip`, only the newest of it (F7). */
  tell(skip = 0): void {
    if (!this.#open || !this.#watching) return;
    const first = Math.max(this.#told, this.end - (skip || this.end));
    this.#told = this.end;
    if (first < this.end)
      this.say({ type: "rows", feed: "f", block: this.block(first, this.end), newest: null });
  }

  /** Answers the last fetch (F10), or what fits of it; false if there is none. */
  answer(): boolean {
    const wish = this.asked.pop();
    if (wish === undefined) return false;
    const size = 16 ** wish.level;
    const last = Math.min(wish.last, this.end);
    if (wish.level > 0) {
      const blocks = last > wish.first ? [this.bins(wish.level, wish.first, last)] : [];
      this.say({ type: "fetched", feed: "f", id: wish.id, blocks, more: false });
      return true;
    }
    const from = Math.max(this.first, Math.floor(wish.first / CHUNK_ROWS) * CHUNK_ROWS);
    const to = Math.min(last, from + ANSWER_ROWS * size);
    const blocks = [];
    for (let row = from; row < to; row += CHUNK_ROWS) {
      blocks.push(this.block(row, Math.min(row + CHUNK_ROWS, this.end)));
    }
    const more = to < last;
    if (more) this.asked.push({ ...wish, first: to });
    this.say({ type: "fetched", feed: "f", id: wish.id, blocks, more });
    return true;
  }

  answerAll(): void {
    while (this.answer());
  }

  cut(): void {
    this.#open = false;
    this.#watching = false;
    this.asked = [];
    this.#listener({ type: "line", open: false });
  }

  resume(): void {
    this.#open = true;
    this.#listener({ type: "line", open: true });
  }

  /** Another table takes its place. */
  begin(epoch: string): void {
    this.epoch = epoch;
    this.first = 0;
    this.time.length = 0;
    this.price.length = 0;
    this.asked = [];
    if (this.#watching) this.tellWatched();
  }

  checksum(first = this.first): number {
    const columns = new Map([
      [0, Float64Array.from(this.time.slice(first))],
      [1, Float64Array.from(this.price.slice(first))],
    ]);
    return checksum(first, columns);
  }

  block(first: number, last: number): Bytes {
    for (let row = first; row < last; row += 1) this.sent.set(row, (this.sent.get(row) ?? 0) + 1);
    return rowsBlock(first, [this.time.slice(first, last), this.price.slice(first, last)]);
  }

  bins(level: number, first: number, last: number): Bytes {
    const size = 16 ** level;
    const from = Math.floor(first / size);
    const starts = Array.from(
      { length: Math.ceil(last / size) - from },
      (_, n) => (from + n) * size,
    );
    const extreme = (of: (...values: number[]) => number): number[] =>
      starts.map((start) =>
        of(...this.price.slice(start, start + size).filter((y) => !Number.isNaN(y))),
      );
    const time = starts.map((start) => this.time[start] ?? 0);
    return binsBlock(level, from * size, time, [[extreme(Math.min), extreme(Math.max)]]);
  }
}
