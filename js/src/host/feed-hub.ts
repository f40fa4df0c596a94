/** Where charts get their feeds from, in a sandbox as in a notebook: stores on the one side, a line on the other. */
import { Shelf } from "../feeds/shelf";
import type { FeedView } from "../feeds/view";
import type { FeedLine, FeedListener, LineNews, ViewerNews, ViewerWish } from "../protocol/viewer";

export class FeedHub {
  readonly #tell: (wish: ViewerWish) => void;
  readonly #listeners = new Map<string, FeedListener>();
  readonly #shelf = new Shelf((...wanted) => this.#watch(...wanted), {
    now: () => performance.now(),
    after: (ms, callback) => void setTimeout(callback, ms),
  });
  #hasLine: boolean;
  #isSeen = true;

  /** `tell` takes wishes to the relay; `hasLine` says whether it can already. */
  constructor(tell: (wish: ViewerWish) => void, hasLine: boolean) {
    this.#tell = tell;
    this.#hasLine = hasLine;
  }

  /** The feed of this name until `signal` aborts, shared by all charts. */
  open(feed: string, signal: AbortSignal): FeedView {
    return this.#shelf.open(feed, signal);
  }

  receive(news: ViewerNews | LineNews): void {
    if (news.type === "line") this.#move(news.open, this.#isSeen);
    else this.#listeners.get(news.feed)?.(news);
  }

  /** Whether anybody can see the charts: if not, nothing is watched, and what was missed is fetched later. */
  receiveAttention(seen: boolean): void {
    if (!seen) for (const feed of this.#listeners.keys()) this.#say({ type: "unwatch", feed });
    this.#move(this.#hasLine, seen);
  }

  get #isOpen(): boolean {
    return this.#hasLine && this.#isSeen;
  }

  #move(hasLine: boolean, isSeen: boolean): void {
    const before = this.#isOpen;
    [this.#hasLine, this.#isSeen] = [hasLine, isSeen];
    const open = this.#isOpen;
    if (open === before) return;
    for (const listener of [...this.#listeners.values()]) listener({ type: "line", open });
  }

  #say(wish: ViewerWish): void {
    if (this.#isOpen) this.#tell(wish);
  }

  #watch(feed: string, listener: FeedListener, signal: AbortSignal): FeedLine {
    this.#listeners.set(feed, listener);
    const leave = (): void => {
      this.#listeners.delete(feed);
      this.#say({ type: "unwatch", feed });
    };
    signal.addEventListener("abort", leave, { once: true });
    const say = (wish: ViewerWish): void => {
      if (!signal.aborted) this.#say(wish);
    };
    const isOpen = (): boolean => this.#isOpen;
    return {
      get open() {
        return isOpen();
      },
      watch: (epoch, after, level) => say({ type: "watch", feed, epoch, after, level }),
      fetch: (id, first, last, level) => say({ type: "fetch", feed, id, first, last, level }),
      drawn: (at) => say({ type: "drawn", feed, at }),
    };
  }
}
