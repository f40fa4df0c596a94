/** The feeds of a kernel, for charts that a notebook draws itself: `{feed: wish}` out, `{news}` and buffers in. */
import * as v from "valibot";
import { RELAY_SCHEMAS } from "../protocol/frames";
import type { ViewerNews } from "../protocol/viewer";
import { watchAttention } from "./attention";
import { FeedHub } from "./feed-hub";
import type { NativeFeeds } from "./native";
import { ownBytes } from "./values";

const { watched, rows, fetched, report } = RELAY_SCHEMAS;
/** Of one view, ever. */
const MAX_FETCHES = 2 ** 20;
const SCHEMAS = { watched, rows, fetched, report };

export const openNative: NativeFeeds["openNative"] = (model, signal) => {
  // Other views of the model hear the answers to ours.
  const [own = 0] = crypto.getRandomValues(new Uint32Array(1));
  const base = own * MAX_FETCHES;
  const hub = new FeedHub((wish) => {
    if (wish.type === "fetch") model.send({ feed: { ...wish, id: base + wish.id } });
    // All views of the kernel share its watch: rows are good for each of them.
    else model.send({ feed: wish.type === "watch" ? { ...wish, level: 0 } : wish });
  }, true);
  const take = (content: unknown, buffers: unknown): void => {
    const news = newsOf(content, buffers as readonly (ArrayBuffer | ArrayBufferView)[]);
    if (news?.type === "fetched") hub.receive({ ...news, id: news.id - base });
    else if (news !== null) hub.receive(news);
  };
  model.on("msg:custom", take);
  signal.addEventListener("abort", () => model.off("msg:custom", take), { once: true });
  watchAttention((seen) => hub.receiveAttention(seen), signal);
  return hub;
};

/** The frame in a message, with its bytes, which are the message's buffers in their order; null if it has none. */
function newsOf(
  content: unknown,
  buffers: readonly (ArrayBuffer | ArrayBufferView)[],
): ViewerNews | null {
  const { news } = (content ?? {}) as { news?: { type?: unknown } };
  const type = news?.type;
  if (typeof type !== "string" || !(type in SCHEMAS)) return null;
  const bytes = (buffers ?? []).map(ownBytes);
  const filled = { ...news, block: bytes[0], blocks: bytes, overview: bytes };
  return v.parse(SCHEMAS[type as ViewerNews["type"]], filled);
}
