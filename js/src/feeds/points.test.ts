import { expect, test } from "vitest";
import { FakeRelay } from "./fake-relay";
import { FeedStore } from "./store";
import { feedSpec, rowsBlock, TestTiming } from "./support";
import type { Points } from "./view";

/** A feed whose rows come a second apart, of which all are here. */
function feedOf(count: number, value: (row: number) => number): FeedStore {
  const relay = new FakeRelay();
  const store = new FeedStore("f", relay.connect, new TestTiming());
  relay.push(count, value);
  return store;
}

/** The lowest and highest value in each pixel. */
function extremes({ t, y }: Points, from: number, to: number, px: number): [number, number][] {
  const found = Array.from({ length: px }, (): [number, number] => [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]);
  for (const [i, at] of t.entries()) {
    const pixel = found[Math.floor((at - from) / ((to - from) / px))];
    const value = y[i] ?? Number.NaN;
    if (pixel === undefined || at < from || at >= to || Number.isNaN(value)) continue;
    pixel[0] = Math.min(pixel[0], value);
    pixel[1] = Math.max(pixel[1], value);
  }
  return found;
}

const wave = (row: number): number => Math.sin(row / 300) + ((row * 7919) % 101) / 50;

// Pixels whose width is a power of two, and that begin at multiples of it, are the intervals themselves.
test.each([
  [0, 102_400, 800],
  [12_800, 86_400, 1150],
  [49_984, 60_224, 320],
  [0, 98_304, 6],
  [40_000, 40_900, 250],
])("each pixel from %i to %i on %i has the extremes that the rows have", (from, to, px) => {
  const store = feedOf(100_000, wave);
  const t = Float64Array.from({ length: 100_000 }, (_, row) => row);
  const raw = extremes({ t, y: t.map(wave), exact: true }, from, to, px);
  const drawn = store.points("price", from, to, px);
  expect(extremes(drawn, from, to, px)).toEqual(raw);
  expect(drawn.t.length).toBeLessThanOrEqual(4 * (px + 2));
});

test("a spike of one row is seen at every zoom", () => {
  const store = feedOf(100_000, (row) => (row === 54_321 ? 99 : 0));
  for (let width = 10; width < 200_000; width *= 1.7) {
    const { y } = store.points("price", 54_321 - width / 3, 54_321 + width, 100);
    expect(Math.max(...y), `${width}`).toBe(99);
  }
});

test("the points are in the order of time, and few rows are themselves", () => {
  const store = feedOf(10_000, wave);
  const far = store.points("price", 100, 9000, 200);
  expect(far.exact).toBe(false);
  expect([...far.t]).toEqual([...far.t].sort((a, b) => a - b));
  const near = store.points("price", 100, 110, 200);
  expect([near.exact, [...near.t]]).toEqual([
    true,
    [99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111],
  ]);
  expect([...near.y]).toEqual([...near.t].map(wave));
});

test("a line leaves the picture on both sides", () => {
  const store = feedOf(100_000, wave);
  const { t } = store.points("price", 1000.5, 90_000.5, 100);
  expect(t[0]).toBeLessThanOrEqual(1000);
  expect(t.at(-1)).toBeGreaterThanOrEqual(90_001);
});

test("gaps are gaps", () => {
  const few = feedOf(100, (row) => (row > 40 && row < 60 ? Number.NaN : 1));
  expect([...few.points("price", 0, 99, 500).y].filter(Number.isNaN)).toHaveLength(19);
  const many = feedOf(100_000, (row) => (row > 40_000 && row < 60_000 ? Number.NaN : 1));
  const { t, y } = many.points("price", 0, 99_999, 100);
  const gaps = [...t].filter((_, i) => Number.isNaN(y[i]));
  expect(Math.min(...gaps)).toBeGreaterThan(40_000);
  expect(Math.max(...gaps)).toBeLessThan(60_000);
  expect(gaps.length).toBeGreaterThan(15);
});

test("rows that are not here yet, and are in no bin, are a gap", () => {
  const relay = new FakeRelay();
  relay.push(1000);
  const store = new FeedStore("f", relay.connect, new TestTiming());
  relay.push(1000);
  const { t, y } = store.points("price", 0, 2000, 100);
  expect([t.length > 0, y.some(Number.isNaN)]).toEqual([true, false]);
  relay.cut();
  relay.push(1000, undefined, true);
  relay.resume();
  relay.push(1000);
  const split = store.points("price", 0, 4000, 1000);
  const gap = split.y.findIndex(Number.isNaN);
  expect([split.t[gap - 1], split.t[gap + 1]]).toEqual([1999, 3000]);
});

test("the range is that of the rows in it", () => {
  const store = feedOf(100_000, (row) => (row === 500 ? 50 : row === 70_000 ? -3 : 0));
  expect(store.range("price", 0, 99_999)).toEqual([-3, 50]);
  expect(store.range("price", 501, 69_998)).toEqual([0, 0]);
  expect(store.range("price", 500, 500)).toEqual([50, 50]);
});

test("the crosshair finds the nearest row that has a value", () => {
  const store = feedOf(100, (row) => (row === 50 ? Number.NaN : row * 1.1));
  expect(store.at(42.4, "price")).toEqual({ row: 42, t: 42, value: 42 * 1.1 });
  expect(store.at(50.2, "price")).toMatchObject({ row: 51 });
  expect(store.at(1e9, "price")).toMatchObject({ row: 99 });
  expect(store.at(-5, "price")).toMatchObject({ row: 0 });
  expect(store.at(5, "nothing")).toBeNull();
});

test("the newest rows of a range are listed", () => {
  const store = feedOf(100, (row) => row);
  expect([...store.rows(10, 20, 3)]).toEqual([
    { row: 18, t: 18, values: [18] },
    { row: 19, t: 19, values: [19] },
    { row: 20, t: 20, values: [20] },
  ]);
  expect([...store.rows(95, 500, 100)].map(({ row }) => row)).toEqual([95, 96, 97, 98, 99]);
});

test("words are drawn by their codes, and read at the crosshair", () => {
  const columns = [{ name: "side", type: "text" as const, unit: "" }];
  const relay = new FakeRelay();
  relay.spec = feedSpec({ columns });
  const store = new FeedStore("f", relay.connect, new TestTiming());
  const block = rowsBlock(0, [
    [1, 2, 3],
    ["buy", "sell", "buy"],
  ]);
  relay.say({ type: "rows", feed: "f", block, newest: null });
  const { y } = store.points("side", 0, 4, 100);
  expect([...y].map((code) => store.words("side")[code])).toEqual(["buy", "sell", "buy"]);
  expect(store.at(2, "side")?.value).toBe("sell");
});

test("two who look at the same window see the same, whatever they have looked at before", () => {
  const [one, other] = [feedOf(60_000, wave), feedOf(60_000, wave)];
  for (let to = 40_000; to <= 60_000; to += 1) one.points("price", to - 40_000.3, to, 800);
  for (let width = 39_990; width < 40_010; width += 1)
    other.points("price", 60_000 - width, 60_000, 800);
  const [mine, theirs] = [one, other].map((store) => {
    const { t, y } = store.points("price", 20_000, 60_000, 800);
    return [[...t], [...y]];
  });
  expect(mine).toEqual(theirs);
});
