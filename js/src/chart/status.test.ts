import { beforeEach, expect, test } from "vitest";
import type { FeedStatus } from "../protocol/frames";
import { FakeFeed } from "./fake-feed";
import { badgeOf, Lag, newText, notesOf, worst } from "./status";

let feed: FakeFeed;

beforeEach(() => {
  feed = new FakeFeed("f", [{ name: "v" }]);
});

function told(status: Partial<FeedStatus>): string {
  feed.status = { ...(feed.status as FeedStatus), ...status };
  return badgeOf(feed, 0, 100).text;
}

test("a feed that is not known yet is being connected to", () => {
  feed.spec = null;
  feed.status = null;
  expect(badgeOf(feed, 0, 100)).toEqual({ tone: "wait", text: "connecting" });
});

test("a feed that cannot be watched tells why", () => {
  feed.spec = null;
  expect(told({ state: "failed", text: "Too many." })).toBe("failed: Too many.");
});

test("each state of a source is told in words", () => {
  const texts = [
    told({ state: "connecting" }),
    told({ state: "live" }),
    told({ state: "stale", since: 88 }),
    told({ state: "retrying", attempts: 3, retry_at: 104 }),
    told({ state: "failed", text: "HTTP 403" }),
    told({ state: "ended" }),
  ];
  expect(texts).toEqual([
    "connecting",
    "live",
    "no data for 12 s",
    "reconnecting (attempt 3, next in 4 s)",
    "failed: HTTP 403",
    "ended",
  ]);
});

test("our own line comes before the source", () => {
  feed.open = false;
  expect(badgeOf(feed, 0, 100).text).toBe("reconnecting");
});

test("a feed that is pushed to is live while rows come", () => {
  feed.status = { ...(feed.status as FeedStatus), state: "idle" };
  feed.push(1, 1);
  expect([badgeOf(feed, 95, 100).text, badgeOf(feed, 50, 100).text]).toEqual(["live", "idle"]);
});

test("the worst of several is told", () => {
  const badges = [badgeOf(feed, 0, 100), { tone: "bad" as const, text: "failed" }];
  expect(worst(badges)?.text).toBe("failed");
});

test("what is missing of the history is told", () => {
  for (let t = 0; t < 200; t++) feed.push(t, 1);
  feed.loaded = 86;
  expect(notesOf([feed], 0)).toEqual(["history 43%"]);
});

test("rows that come later than the quickest of them lag, whatever the clocks say", () => {
  const lag = new Lag();
  lag.receive(1000, 500);
  lag.receive(1001, 503.1);
  expect(notesOf([], lag.seconds)).toEqual(["2.1 s behind"]);
});

test("rows that came while the picture stood still are counted", () => {
  expect([newText(0), newText(1234)]).toEqual(["", "+1,234 new"]);
});
