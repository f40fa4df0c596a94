/** What somebody who looks at feeds, and the line to the relay, say to each other (F6, F7, F10). */
import type { Drawn, Fetch, Fetched, Report, Rows, Unwatch, Watch, Watched } from "./frames";

/**
 * Whether wishes are taken now. Each time that the line opens, nothing is left of what was watched or fetched
 * before: who still wants it says so again, with its positions. Wishes on a closed line are dropped.
 */
export interface LineNews {
  type: "line";
  open: boolean;
}

export type ViewerWish = Watch | Unwatch | Drawn | Fetch;

/** About one feed. */
export type ViewerNews = Watched | Rows | Fetched | Report;

export type FeedListener = (news: ViewerNews | LineNews) => void;

/** One feed, from one who looks at it. What is said while the line is closed is dropped. */
export interface FeedLine {
  /** A page that nobody has seen for a while has a closed line, too. */
  readonly open: boolean;
  /** Tell from `after` on; to be said again after each `line` that is open. */
  watch(epoch: string, after: number, level: number): void;
  /** `id` comes back in the `fetched`. */
  fetch(id: number, first: number, last: number, level: number): void;
  drawn(at: number): void;
}
