/** The feeds of a room, for those who look at them: wishes to the relay, its news, and whether it hears us. */
import { Emitter } from "./lib/emitter";
import type { FeedNews, RelayFrame } from "./protocol/frames";
import type { LineNews, ViewerNews, ViewerWish } from "./protocol/viewer";

export class Feeding {
  readonly #send: (wishes: readonly ViewerWish[]) => void;
  readonly #news = new Emitter<ViewerNews | LineNews>();
  #open = false;

  constructor(send: (wishes: readonly ViewerWish[]) => void) {
    this.#send = send;
  }

  /** Whether we are in the room now. */
  get open(): boolean {
    return this.#open;
  }

  on(listener: (news: ViewerNews | LineNews) => void, signal: AbortSignal): void {
    this.#news.on(listener, signal);
  }

  /** As one message. Without a line, they are dropped: the relay forgets who watches what when one breaks. */
  send(wishes: readonly ViewerWish[]): void {
    if (this.#open) this.#send(wishes);
  }

  /** A welcome opens the line, and whatever ends it closes it. */
  receiveLine(open: boolean): void {
    if (this.#open === open) return;
    this.#open = open;
    this.#news.emit({ type: "line", open });
  }

  receive(news: FeedNews): void {
    // The rest is for producers, and a browser is none.
    if (news.type !== "feed" && news.type !== "fed") this.#news.emit(news);
  }
}

export function isFeedNews(frame: RelayFrame): frame is FeedNews {
  switch (frame.type) {
    case "feed":
    case "fed":
    case "watched":
    case "rows":
    case "fetched":
    case "report":
      return true;
    default:
      return false;
  }
}
