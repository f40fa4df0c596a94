import { expect, test } from "vitest";
import type { Watched } from "../protocol/frames";
import type { ViewerWish } from "../protocol/viewer";
import { FeedHub } from "./feed-hub";

function setting({ hasLine = true } = {}) {
  const told: ViewerWish[] = [];
  const hub = new FeedHub((wish) => told.push(wish), hasLine);
  return { hub, told, types: () => told.map(({ type }) => type) };
}

function watched(feed: string, end: number): Watched {
  const idle = { text: "", since: 0, retry_at: 0, attempts: 0, errors: 0, dropped: 0, recent: [] };
  const columns = [{ name: "price", type: "number" as const, unit: "" }];
  const spec = { columns, keep_rows: 1000, keep_seconds: 0, title: "" };
  const status = { state: "live" as const, ...idle };
  return { type: "watched", feed, spec, status, epoch: "e", first: end, end, overview: [] };
}

const watch = { type: "watch", feed: "a", epoch: "", after: 0, level: 0 };

test("charts of one feed share one watch, which ends with the last of them", () => {
  const { hub, told, types } = setting();
  const [one, other] = [new AbortController(), new AbortController()];
  const first = hub.open("a", one.signal);
  expect(hub.open("a", other.signal)).toBe(first);
  expect(told).toEqual([watch]);
  one.abort();
  expect(types()).toEqual(["watch"]);
  other.abort();
  expect(types()).toEqual(["watch", "unwatch"]);
});

test("a chart that comes after the last begins anew", () => {
  const { hub, types } = setting();
  const closing = new AbortController();
  const first = hub.open("a", closing.signal);
  closing.abort();
  expect(hub.open("a", new AbortController().signal)).not.toBe(first);
  expect(types()).toEqual(["watch", "unwatch", "watch"]);
});

test("a chart that has ended before it began watches nothing", () => {
  const { hub, types } = setting();
  hub.open("a", AbortSignal.abort());
  expect(types()).toEqual(["watch", "unwatch"]);
});

test("[F6] each welcome is followed by a watch from where the rows end", () => {
  const { hub, told } = setting({ hasLine: false });
  const view = hub.open("a", new AbortController().signal);
  expect([told, view.open]).toEqual([[], false]);
  hub.receive({ type: "line", open: true });
  hub.receive(watched("a", 70));
  hub.receive({ type: "line", open: false });
  hub.receive({ type: "line", open: true });
  expect(told).toEqual([watch, { ...watch, epoch: "e", after: 70 }]);
});

test("what nobody sees is not watched, and watched again from there when it is seen", () => {
  const { hub, told } = setting();
  const view = hub.open("a", new AbortController().signal);
  hub.receive(watched("a", 70));
  hub.receiveAttention(false);
  expect([told.at(-1), view.open]).toEqual([{ type: "unwatch", feed: "a" }, false]);
  hub.receive({ type: "line", open: false });
  hub.receive({ type: "line", open: true });
  expect(told).toHaveLength(2);
  hub.receiveAttention(true);
  expect([told.at(-1), view.open]).toEqual([{ ...watch, epoch: "e", after: 70 }, true]);
});

test("news of one feed are none of another", () => {
  const { hub } = setting();
  const { signal } = new AbortController();
  const [a, b] = [hub.open("a", signal), hub.open("b", signal)];
  hub.receive(watched("a", 70));
  expect([a.end, b.end, b.spec]).toEqual([70, 0, null]);
});
