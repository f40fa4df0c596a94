/** The feeds that charts have open: one store for each, shared by all of them, for as long as one needs it. */
import type { FeedLine, FeedListener } from "../protocol/viewer";
import { FeedStore, type Timing } from "./store";
import type { FeedView } from "./view";

/** Hears of a feed until `signal` aborts; the relay is told when nobody here does any more. */
export type WatchFeed = (feed: string, listener: FeedListener, signal: AbortSignal) => FeedLine;

interface Opened {
  store: FeedStore;
  users: number;
  closing: AbortController;
}

export class Shelf {
  readonly #watch: WatchFeed;
  readonly #timing: Timing;
  readonly #opened = new Map<string, Opened>();

  constructor(watch: WatchFeed, timing: Timing) {
    this.#watch = watch;
    this.#timing = timing;
  }

  /** The feed of this name, until `signal` aborts. There need not be one yet. */
  open(name: string, signal: AbortSignal): FeedView {
    const opened = this.#opened.get(name) ?? this.#make(name);
    opened.users += 1;
    const leave = (): void => {
      opened.users -= 1;
      if (opened.users > 0) return;
      this.#opened.delete(name);
      opened.closing.abort();
    };
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
    return opened.store;
  }

  #make(name: string): Opened {
    const closing = new AbortController();
    const store = new FeedStore(
      name,
      (listener) => this.#watch(name, listener, closing.signal),
      this.#timing,
    );
    const opened = { store, users: 0, closing };
    this.#opened.set(name, opened);
    return opened;
  }
}
