import { expect, test } from "vitest";
import { FakeRelay } from "./fake-relay";
import { FeedStore } from "./store";
import { feedSpec, rowsBlock, TestTiming } from "./support";
import type { Ohlc, Resample, Rolling } from "./view";

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const value = (row: number): number => (row % 97 === 0 ? Number.NaN : Math.sin(row / 5) * 10 + 50);
const ohlc: Ohlc = { op: "ohlc", every: 60, price: "price" };

function storeOf(relay: FakeRelay): FeedStore {
  return new FeedStore("f", relay.connect, new TestTiming());
}

/** A feed of which all rows came live. */
function feedOf(count: number): FeedStore {
  const relay = new FakeRelay();
  const store = storeOf(relay);
  relay.push(count, value);
  return store;
}

/** The values of the rows in a minute, without gaps. */
function minute(n: number, count: number): number[] {
  const rows = Array.from({ length: 60 }, (_, i) => 60 * n + i);
  return rows
    .filter((row) => row < count)
    .map(value)
    .filter((y) => !Number.isNaN(y));
}

function plain(bars: ReturnType<FeedStore["bars"]>): Record<string, number[]> {
  return Object.fromEntries(Object.entries(bars).map(([name, values]) => [name, [...values]]));
}

test("bars have what their rows have", () => {
  const store = feedOf(330);
  const groups = [0, 1, 2, 3, 4, 5].map((n) => minute(n, 330));
  expect(plain(store.bars(ohlc, 0, 1000))).toEqual({
    t: [0, 60, 120, 180, 240, 300],
    open: groups.map((group) => group[0]),
    high: groups.map((group) => Math.max(...group)),
    low: groups.map((group) => Math.min(...group)),
    close: groups.map((group) => group.at(-1)),
    volume: [0, 0, 0, 0, 0, 0],
  });
});

test("bars that overlap the window are given, and no others", () => {
  const store = feedOf(1000);
  expect([...store.bars(ohlc, 130, 250).t]).toEqual([120, 180, 240]);
});

test("the last bar grows in its place", () => {
  const relay = new FakeRelay();
  const store = storeOf(relay);
  relay.push(70, () => 5);
  expect([...store.bars(ohlc, 0, 100).close]).toEqual([5, 5]);
  relay.push(1, () => 9);
  const { high, close, t } = store.bars(ohlc, 0, 100);
  expect([[...t], [...high], [...close]]).toEqual([
    [0, 60],
    [5, 9],
    [5, 9],
  ]);
});

test("bars of history that comes newest first are those of rows in order", async () => {
  const relay = new FakeRelay();
  relay.push(150_000, value);
  const late = storeOf(relay);
  late.bars(ohlc, 0, 1);
  do {
    relay.answerAll();
    await settled();
  } while (relay.asked.length > 0);
  expect(plain(late.bars(ohlc, 0, 150_000))).toEqual(plain(feedOf(150_000).bars(ohlc, 0, 150_000)));
});

test("the volume is summed up", () => {
  const relay = new FakeRelay();
  const columns = ["price", "size"].map((name) => ({ name, type: "number" as const, unit: "" }));
  relay.spec = feedSpec({ columns });
  const store = storeOf(relay);
  const block = rowsBlock(0, [
    [0, 1, 60],
    [7, 8, 9],
    [2, 3, 4],
  ]);
  relay.say({ type: "rows", feed: "f", block, newest: null });
  expect([...store.bars({ ...ohlc, volume: "size" }, 0, 99).volume]).toEqual([5, 4]);
});

test("bars that a feed has as columns are given as they are, and joined when they are many", () => {
  const relay = new FakeRelay();
  const names = ["o", "h", "l", "c"];
  relay.spec = feedSpec({ columns: names.map((name) => ({ name, type: "number", unit: "" })) });
  const store = storeOf(relay);
  const count = 10_000;
  const rows = Float64Array.from({ length: count }, (_, row) => row);
  const columns = [
    rows,
    rows.map((row) => row + 2),
    rows.map((row) => row - 2),
    rows.map((row) => row + 1),
  ];
  relay.say({ type: "rows", feed: "f", block: rowsBlock(0, [rows, ...columns]), newest: null });
  const quotes = { op: "columns", open: "o", high: "h", low: "l", close: "c" } as const;
  expect(plain(store.bars(quotes, 5, 6))).toMatchObject({
    t: [5, 6, 7].slice(0, 2),
    open: [5, 6],
    high: [7, 8],
  });
  const { t, open, high, low, close } = store.bars(quotes, 0, count);
  expect(t.length).toBeLessThanOrEqual(4096);
  expect([open[0], high[0], low[0], close[0]]).toEqual([0, 4, -2, 3]);
});

test.each(["last", "first", "mean", "min", "max", "sum", "count"] as const)(
  "resampled: %s",
  (how) => {
    const store = feedOf(330);
    const transform: Resample = { op: "resample", every: 60, how };
    const { t, y } = store.series(transform, "price", 0, 330, 500);
    const made = {
      last: (group: number[]) => group.at(-1),
      first: (group: number[]) => group[0],
      mean: (group: number[]) => group.reduce((a, b) => a + b) / group.length,
      min: (group: number[]) => Math.min(...group),
      max: (group: number[]) => Math.max(...group),
      sum: (group: number[]) => group.reduce((a, b) => a + b),
      count: (group: number[]) => group.length,
    };
    expect([...t]).toEqual([0, 60, 120, 180, 240, 300]);
    for (const [n, found] of y.entries())
      expect(found).toBeCloseTo(made[how](minute(n, 330)) ?? 0, 9);
  },
);

test("many resampled values are thinned out, and keep their extremes", () => {
  const store = feedOf(100_000);
  const transform: Resample = { op: "resample", every: 2, how: "max" };
  const { t, y, exact } = store.series(transform, "price", 0, 100_000, 100);
  expect([t.length <= 410, exact]).toEqual([true, false]);
  const values = Array.from({ length: 100_000 }, (_, row) => value(row));
  expect(Math.max(...y)).toBe(Math.max(...values.filter((one) => !Number.isNaN(one))));
});

const SPAN = 20;

function rolled(row: number, how: Rolling["how"]): number {
  const rows = Array.from({ length: SPAN }, (_, i) => row - i).filter((one) => one >= 0);
  const values = rows.map(value).filter((y) => !Number.isNaN(y));
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((sum, y) => sum + (y - mean) ** 2, 0);
  if (how === "min") return Math.min(...values);
  if (how === "max") return Math.max(...values);
  if (how === "sum") return mean * values.length;
  return how === "mean" ? mean : Math.sqrt(squares / (values.length - 1));
}

test.each(["mean", "min", "max", "sum", "std"] as const)("rolling: %s", (how) => {
  const relay = new FakeRelay();
  const store = storeOf(relay);
  const transform: Rolling = { op: "rolling", span: SPAN, how };
  // In parts, so that the window goes on where it was.
  for (const count of [1, 1, 200, 3, 5000, 70_000, 1]) {
    relay.push(count, value);
    store.series(transform, "price", 0, 1, 10);
  }
  const { t, y } = store.series(transform, "price", 74_000, 75_300, 2000);
  expect(t.length).toBeGreaterThan(1200);
  for (const [i, found] of y.entries()) expect(found).toBeCloseTo(rolled(t[i] ?? 0, how), 6);
});

test("rolling values of history that comes newest first are those of rows in order", async () => {
  const relay = new FakeRelay();
  relay.push(150_000, value);
  const late = storeOf(relay);
  const transform: Rolling = { op: "rolling", span: 300, how: "mean" };
  late.series(transform, "price", 0, 1, 10);
  do {
    relay.answer();
    late.series(transform, "price", 0, 150_000, 10);
    await settled();
  } while (relay.asked.length > 0);
  const [there, here] = [feedOf(150_000), late].map((store) =>
    store.series(transform, "price", 0, 150_000, 150_000),
  );
  expect(here?.t.length).toBe(150_000);
  expect(here?.t).toEqual(there?.t);
  for (let i = 1; i < 150_000; i += 501) expect(here?.y[i]).toBeCloseTo(there?.y[i] ?? 0, 9);
});

test("what a transform names and the feed has not is nothing", () => {
  const store = feedOf(10);
  expect(store.bars({ ...ohlc, price: "nothing" }, 0, 99).t).toHaveLength(0);
  expect(
    store.series({ op: "resample", every: 1, how: "last" }, "nothing", 0, 9, 9).t,
  ).toHaveLength(0);
});
