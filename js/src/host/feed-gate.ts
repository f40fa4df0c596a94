/**
 * The page's side of the feeds that a sandbox watches: its wishes go to the relay at the pace that the room takes,
 * and news of what it watches come back. What a sandbox watched ends with it.
 */
import type { Clock } from "../connection/clock";
import type { Feeding } from "../feeding";
import type { FeedStatus, Watch } from "../protocol/frames";
import type { LineNews, ViewerNews, ViewerWish } from "../protocol/viewer";
import { Bucket } from "./bucket";
import type { ToSandbox } from "./messages";

/** Messages; each is all that was wished meanwhile. Widgets and pointers need the rest of a person's 120. */
const MESSAGES = { perSecond: 10, atOnce: 60 };
/** The relay keeps no more than 64 watches of one connection. */
const MAX_WATCHES = 64;
/** Wishes that wait. A sandbox has two fetches of each feed, and one word of what it has drawn. */
const MAX_WAITING = 4 * MAX_WATCHES;
const TOO_MANY: FeedStatus = {
  state: "failed",
  text: "This page shows too many feeds.",
  since: 0,
  retry_at: 0,
  attempts: 0,
  errors: 0,
  dropped: 0,
  recent: [],
};

export class FeedGate {
  readonly #feeds: Feeding;
  readonly #post: (message: ToSandbox) => void;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #bucket: Bucket;
  readonly #watched = new Set<string>();
  /** Those that are one too many, until another is watched no more. */
  readonly #refused = new Map<string, Watch>();
  #waiting: ViewerWish[] = [];
  #isDue = false;

  constructor(
    feeds: Feeding,
    post: (message: ToSandbox) => void,
    clock: Clock,
    signal: AbortSignal,
  ) {
    this.#feeds = feeds;
    this.#post = post;
    this.#clock = clock;
    this.#signal = signal;
    this.#bucket = new Bucket(MESSAGES, clock.now());
    feeds.on((news) => this.#receiveNews(news), signal);
    signal.addEventListener("abort", () => this.#leave(), { once: true });
  }

  /** A new, empty sandbox: nothing of the one before is wanted any more. */
  begin(): void {
    this.#leave();
    if (this.#feeds.open) this.#post({ type: "feed", news: { type: "line", open: true } });
  }

  receive(wish: ViewerWish): void {
    if (!this.#feeds.open || this.#waiting.length >= MAX_WAITING) return;
    if (wish.type === "unwatch") this.#refused.delete(wish.feed);
    if (wish.type === "watch" && !this.#admits(wish)) return;
    if (!this.#watched.has(wish.feed)) return;
    // Only the last row counts.
    const isOld = (one: ViewerWish): boolean =>
      wish.type === "drawn" && one.type === "drawn" && one.feed === wish.feed;
    this.#waiting = [...this.#waiting.filter((one) => !isOld(one)), wish];
    this.#run();
    if (wish.type === "unwatch") this.#leaveRoom(wish.feed);
  }

  #admits(watch: Watch): boolean {
    const { feed } = watch;
    const isFull = this.#watched.size >= MAX_WATCHES && !this.#watched.has(feed);
    if (!isFull) this.#watched.add(feed);
    else if (this.#refused.size < MAX_WAITING) {
      this.#refused.set(feed, watch);
      this.#post({ type: "feed", news: { type: "report", feed, status: TOO_MANY } });
    }
    return !isFull;
  }

  /** A feed is watched no more: there is room for another. */
  #leaveRoom(feed: string): void {
    this.#watched.delete(feed);
    const [next] = this.#refused.values();
    if (next === undefined) return;
    this.#refused.delete(next.feed);
    this.receive(next);
  }

  #receiveNews(news: ViewerNews | LineNews): void {
    if (news.type === "line") {
      this.#waiting = [];
      this.#watched.clear();
      this.#refused.clear();
      this.#post({ type: "feed", news });
    } else if (this.#watched.has(news.feed)) this.#post({ type: "feed", news });
  }

  #leave(): void {
    this.#waiting = [];
    const wishes = [...this.#watched].map((feed) => ({ type: "unwatch", feed }) as const);
    this.#watched.clear();
    this.#refused.clear();
    if (wishes.length > 0) this.#feeds.send(wishes);
  }

  /** Those of one task go together, the first of them at once after it. */
  #run(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    const wait = this.#bucket.wait(this.#clock.now());
    const send = (): void => {
      this.#isDue = false;
      const wishes = this.#waiting;
      this.#waiting = [];
      if (wishes.length === 0 || this.#signal.aborted) return;
      this.#bucket.take(1);
      this.#feeds.send(wishes);
    };
    if (wait > 0) this.#clock.after(Math.ceil(wait), send);
    else queueMicrotask(send);
  }
}
