import { expect, test } from "vitest";
import { FakeFeed } from "./fake-feed";
import { Track, wordsOf } from "./track";
import { readTraits, type SeriesTrait } from "./traits";

function track(feed: FakeFeed, trait: Partial<SeriesTrait>): Track {
  const [series] = readTraits((name) =>
    name === "series" ? [{ feed: "f", ...trait }] : undefined,
  ).series;
  if (series === undefined) throw new Error("there is a series");
  return new Track(series, feed, 0);
}

function prices(...values: number[]): FakeFeed {
  const feed = new FakeFeed("f", [{ name: "price", unit: "$" }, { name: "size" }]);
  values.forEach((value, t) => {
    feed.push(t, value, 1);
  });
  return feed;
}

test("a value is shown with the decimals of its series, exactly", () => {
  const line = track(prices(65432.1, 65432.25), { column: "price" });
  line.query([0, 10], 100);
  expect(line.reading(0)).toEqual({ t: 0, value: 65432.1, text: "$65,432.10" });
});

test("a series of a feed that is not there yet has nothing, and fails nowhere", () => {
  const feed = prices();
  feed.spec = null;
  const line = track(feed, { column: "price" });
  line.query([0, 10], 100);
  expect([line.points, line.reach([0, 10]), line.last(), line.reading(3)]).toEqual([
    null,
    null,
    null,
    null,
  ]);
});

test("a column that the feed gains later is drawn when it is there", () => {
  expect([
    track(prices(1), { column: "later" }).ready,
    track(prices(1), { column: "size" }).ready,
  ]).toEqual([false, true]);
});

test("only values within the times that are shown make the axis", () => {
  const line = track(prices(1000, 2, 3, 4, 1000), { column: "price" });
  line.query([1, 3], 100);
  expect(line.reach([1, 3])).toEqual([2, 4]);
});

test("a gap has no extent", () => {
  const line = track(prices(1, Number.NaN, 3), { column: "price" });
  line.query([0, 2], 100);
  expect(line.reach([0, 2])).toEqual([1, 3]);
});

test("candles tell all their values", () => {
  const transform = { op: "ohlc" as const, every: 2, price: "price", volume: "size" };
  const candles = track(prices(10, 12, 11, 9), { kind: "candle", transform });
  candles.query([0, 4], 100);
  expect(candles.last()?.text).toBe("O\u00a011  H\u00a011  L\u00a09  C\u00a09  V\u00a02");
});

test("more bars than there is room for are put together", () => {
  const names = { open: "price", high: "price", low: "price", close: "price", volume: "size" };
  const candles = track(prices(...Array.from({ length: 100 }, (_, n) => n)), {
    kind: "candle",
    columns: names,
  });
  candles.query([0, 99], 100);
  const { bars, step } = candles;
  expect([step, bars?.t.length, bars?.high[1], bars?.volume[1]]).toEqual([5, 20, 9, 5]);
});

test("a mean has the decimals of what it is the mean of", () => {
  const transform = { op: "rolling" as const, span: 5, how: "mean" as const };
  const mean = track(prices(0.1, 0.25, 0.35), { column: "price", transform });
  mean.query([0, 2], 100);
  expect(mean.last()?.text).toBe("$0.23");
});

function states(): FakeFeed {
  const feed = new FakeFeed("f", [
    { name: "state", type: "text" },
    { name: "side", type: "text" },
  ]);
  feed.texts = { state: ["idle", "running"], side: ["buy"] };
  feed.push(1, 0, 0);
  feed.push(2, 1, 0);
  return feed;
}

test("a column of text is told in its words, wherever its values are", () => {
  const line = track(states(), { column: "state", kind: "step" });
  line.query([0, 10], 100);
  const texts = [line.text(1), line.rough(0.2, 0.01), line.last()?.text, line.reading(1)?.text];
  expect(texts).toEqual(["running", "idle", "running", "idle"]);
});

test("an axis has words if all that it measures is one column", () => {
  const feed = states();
  const [state, same, side] = ["state", "state", "side"].map((column) => track(feed, { column }));
  if (state === undefined || same === undefined || side === undefined) throw new Error("three");
  expect([wordsOf([state, same]), wordsOf([state, side]), wordsOf([])]).toEqual([
    ["idle", "running"],
    null,
    null,
  ]);
});

test("a series of numbers has no words", () => {
  expect(track(prices(1), { column: "price" }).words).toBe(null);
});

test("a difference is as exact as the values", () => {
  const line = track(prices(0.1, 0.3), { column: "price" });
  line.query([0, 10], 100);
  expect(line.difference(0.3 - 0.1)).toBe("$0.2");
});
