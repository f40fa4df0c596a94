/** A feed that is too long to be here: what is looked at comes as bins, and as rows from near by. */
import { expect, test } from "vitest";
import type { FeedSpec } from "../protocol/frames";
import type { FeedListener } from "../protocol/viewer";
import { FeedStore } from "./store";
import { binsBlock, feedSpec, rowsBlock, TestTiming } from "./support";

const COUNT = 20_000_000;
/** One row of all is special. */
const SPIKE = 12_345_678;
const spec: FeedSpec = feedSpec({ keep_rows: 100_000_000 });
const value = (row: number): number => (row === SPIKE ? 999 : row % 100);

function blockOf(first: number, last: number) {
  const rows = Float64Array.from({ length: last - first }, (_, n) => first + n);
  return rowsBlock(first, [rows, rows.map(value)]);
}

function binsOf(level: number, first: number, last: number) {
  const size = 16 ** level;
  const from = Math.floor(first / size);
  const starts = Float64Array.from(
    { length: Math.ceil(last / size) - from },
    (_, n) => (from + n) * size,
  );
  const high = starts.map((start) => (start <= SPIKE && SPIKE < start + size ? 999 : 98));
  return binsBlock(level, from * size, starts, [[starts.map(() => 0), high]]);
}

function setting() {
  const asked: { id: number; first: number; last: number; level: number }[] = [];
  let hear: FeedListener = () => undefined;
  const line = {
    open: true,
    watch: () => undefined,
    fetch: (id: number, first: number, last: number, level: number) =>
      void asked.push({ id, first, last, level }),
    drawn: () => undefined,
  };
  const connect = (listener: FeedListener) => {
    hear = listener;
    return line;
  };
  const store = new FeedStore("f", connect, new TestTiming());
  const idle = { text: "", since: 0, retry_at: 0, attempts: 0, errors: 0, dropped: 0, recent: [] };
  const overview = [binsOf(4, 0, COUNT)];
  const told = {
    spec,
    status: { state: "live" as const, ...idle },
    epoch: "e",
    first: 0,
    end: COUNT,
  };
  hear({ type: "watched", feed: "f", ...told, overview });
  const answer = async (): Promise<void> => {
    for (let wish = asked.pop(); wish !== undefined; wish = asked.pop()) {
      const { id, level, first, last } = wish;
      const blocks = [level === 0 ? blockOf(first, last) : binsOf(level, first, last)];
      hear({ type: "fetched", feed: "f", id, blocks, more: false });
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  };
  return {
    store,
    asked,
    answer,
    hear: (first: number, last: number) =>
      hear({ type: "rows", feed: "f", block: blockOf(first, last), newest: null }),
  };
}

test("nothing of the history comes by itself, and the overview shows all of it", async () => {
  const { store, asked, answer } = setting();
  expect(store.viewport).toBe(true);
  expect(asked).toMatchObject([{ first: COUNT - 1, last: COUNT, level: 0 }]);
  await answer();
  const { y, t } = store.points("price", 0, COUNT, 200);
  expect([Math.max(...y), t.length > 200, store.extent()]).toEqual([999, true, [0, COUNT - 1]]);
});

test("what is looked at is asked for at the level that fits, once", async () => {
  const { store, asked, answer } = setting();
  await answer();
  store.points("price", 10_000_000, 13_000_000, 1000);
  expect(asked.map(({ level }) => level)).toEqual([2]);
  await answer();
  const { y, t } = store.points("price", 10_000_000, 13_000_000, 1000);
  expect([asked, Math.max(...y)]).toEqual([[], 999]);
  expect(t.length).toBeGreaterThan(1900);
  const at = t[y.indexOf(999)] ?? 0;
  expect(Math.abs(at - SPIKE)).toBeLessThan(3000);
});

test("near by, there are the rows themselves", async () => {
  const { store, asked, answer } = setting();
  for (let n = 0; n < 3; n += 1) {
    store.points("price", SPIKE - 3000, SPIKE + 3000, 1000);
    await answer();
  }
  const { t, y } = store.points("price", SPIKE - 3000, SPIKE + 3000, 1000);
  expect([asked, t[y.indexOf(999)]]).toEqual([[], SPIKE]);
  expect(store.at(SPIKE + 0.2, "price")).toEqual({ row: SPIKE, t: SPIKE, value: 999 });
});

test("what was looked at does not fill the memory", async () => {
  const { store, answer, hear } = setting();
  for (let at = 0; at < 60; at += 1) {
    const from = at * 300_000;
    store.points("price", from, from + 15_000, 1000);
    await answer();
    store.points("price", from, from + 15_000, 1000);
    await answer();
  }
  expect(store.loaded).toBeLessThan(500_000);
  for (let row = COUNT; row < COUNT + 1_000_000; row += 10_000) hear(row, row + 10_000);
  expect(store.loaded).toBeLessThan(500_000);
  expect(store.at(COUNT + 999_999, "price")).toMatchObject({ row: COUNT + 999_999 });
});
