import { expect, test } from "vitest";
import { FakeRelay } from "./fake-relay";
import { FeedStore } from "./store";
import { deflated, feedSpec, TestTiming } from "./support";
import type { FeedChange } from "./view";

function setting(relay = new FakeRelay()) {
  const timing = new TestTiming();
  const store = new FeedStore("f", relay.connect, timing);
  const changes: FeedChange[] = [];
  store.on((change) => changes.push(change), new AbortController().signal);
  return { relay, store, timing, changes };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Answers until nothing more is asked for. */
async function all(relay: FakeRelay): Promise<void> {
  do {
    relay.answerAll();
    await settled();
  } while (relay.asked.length > 0);
}

test("[F6] [F10] history comes newest first, two fetches at a time, each row once", async () => {
  const relay = new FakeRelay();
  relay.push(200_000);
  const { store } = setting(relay);
  expect(relay.asked.map(({ first, last }) => [first, last])).toEqual([
    [3 * 65_536, 200_000],
    [2 * 65_536, 3 * 65_536],
  ]);
  await all(relay);
  expect(store.loaded).toBe(200_000);
  expect(store.checksum()).toBe(relay.checksum());
  // Whole chunks are sent: the one at the border of two fetches is in both answers.
  expect([...relay.sent.values()].filter((times) => times > 1).length).toBeLessThan(4000);
});

test("[F6] rows that come live are those after the end that was told", async () => {
  const { relay, store } = setting();
  relay.push(10);
  relay.push(5);
  expect([store.first, store.end, store.loaded]).toEqual([0, 15, 15]);
  expect(store.checksum()).toBe(relay.checksum());
});

test("[F6] what comes twice is there once", () => {
  const { relay, store } = setting();
  relay.push(10);
  relay.say({ type: "rows", feed: "f", block: relay.block(4, 10), newest: null });
  expect(store.loaded).toBe(10);
  expect(store.checksum()).toBe(relay.checksum());
});

test("[F7] rows that a slow watcher was not told are fetched, and no others", async () => {
  const { relay, store } = setting();
  relay.push(100);
  relay.push(20_000, undefined, true);
  relay.tell(50);
  expect(store.end).toBe(20_100);
  expect(relay.asked).toMatchObject([{ first: 100, last: 20_050, level: 0 }]);
  await all(relay);
  expect(store.checksum()).toBe(relay.checksum());
});

test("[F7] what was drawn is told ten times a second at most, the last of it in the end", () => {
  const { relay, store, timing } = setting();
  relay.push(10);
  store.drawn();
  for (let n = 0; n < 20; n += 1) {
    relay.push(1);
    store.drawn();
    timing.pass(10);
  }
  timing.pass(100);
  expect(relay.drawn).toHaveLength(3);
  expect(relay.drawn.at(-1)).toBe(30);
});

test("[F6] after a break exactly the missing rows are fetched", async () => {
  const { relay, store, changes } = setting();
  relay.push(5000);
  relay.cut();
  expect([store.open, changes.at(-1)]).toEqual([false, "status"]);
  relay.push(3000, undefined, true);
  relay.resume();
  expect(relay.watched.at(-1)).toEqual({ epoch: "e1", after: 5000, level: 0 });
  expect(relay.asked).toMatchObject([{ first: 5000, last: 8000 }]);
  await all(relay);
  expect(store.checksum()).toBe(relay.checksum());
});

test("[F6] another epoch voids what is here", async () => {
  const { relay, store, changes } = setting();
  relay.push(5000);
  relay.begin("e2");
  expect([store.end, store.loaded, changes.includes("reset")]).toEqual([0, 0, true]);
  relay.push(10, () => 7);
  expect(store.checksum()).toBe(relay.checksum());
});

test("[F6] rows at and after the end that a restarted relay tells are void", async () => {
  const { relay, store } = setting();
  relay.push(5000);
  relay.cut();
  relay.time.length = 4500;
  relay.price.length = 4500;
  relay.resume();
  relay.push(800, () => 42);
  await all(relay);
  expect([store.end, store.loaded]).toEqual([5300, 5300]);
  expect(store.checksum()).toBe(relay.checksum());
});

test("a fetch that was void before its answer was read brings nothing", async () => {
  const relay = new FakeRelay();
  relay.push(3000);
  const { store } = setting(relay);
  const block = await deflated(relay.block(0, 3000));
  const [asked] = relay.asked;
  relay.say({ type: "fetched", feed: "f", id: asked?.id ?? 0, blocks: [block], more: false });
  relay.begin("e2");
  await settled();
  await settled();
  expect([store.end, store.loaded]).toEqual([0, 0]);
});

test("deflated blocks are read in their order", async () => {
  const relay = new FakeRelay();
  relay.push(3000);
  const { store } = setting(relay);
  const [asked] = relay.asked;
  relay.asked = [];
  const blocks = await Promise.all(
    [0, 1000, 2000].map((at) => deflated(relay.block(at, at + 1000))),
  );
  relay.say({ type: "fetched", feed: "f", id: asked?.id ?? 0, blocks, more: false });
  await expect.poll(() => store.loaded).toBe(3000);
  await settled();
  expect([store.checksum(), relay.asked]).toEqual([relay.checksum(), []]);
});

test("rows that the relay no longer has are not asked for again", async () => {
  const relay = new FakeRelay();
  relay.push(10_000);
  const { store } = setting(relay);
  relay.first = 4000;
  await all(relay);
  expect([store.first, store.loaded]).toEqual([4000, 6000]);
  expect(store.checksum()).toBe(relay.checksum());
});

test("a block that cannot be read is reported, and its rows are fetched", async () => {
  const seen: unknown[] = [];
  globalThis.reportError = (error: unknown) => seen.push(error);
  const { relay, store } = setting();
  relay.push(10, undefined, true);
  relay.say({ type: "rows", feed: "f", block: Uint8Array.of(9, 9, 9), newest: null });
  expect(seen).toHaveLength(1);
  relay.say({ type: "rows", feed: "f", block: relay.block(5, 10), newest: null });
  await all(relay);
  expect(store.checksum()).toBe(relay.checksum());
});

test("only what is kept stays: of so many rows, those of so many seconds", async () => {
  const relay = new FakeRelay({ keep_rows: 10_000, keep_seconds: 5000 });
  const { store } = setting(relay);
  relay.push(3000);
  expect(store.first).toBe(0);
  relay.push(5000);
  expect([store.first, store.loaded]).toEqual([2999, 5001]);
  expect(store.checksum()).toBe(relay.checksum(2999));
});

test("a newcomer does not ask for more than is kept", async () => {
  const relay = new FakeRelay({ keep_rows: 5000 });
  relay.push(12_000);
  const { store } = setting(relay);
  await all(relay);
  expect([store.first, store.loaded]).toEqual([7000, 5000]);
  expect(relay.sent.has(5999)).toBe(false);
});

test("[F6] an overview is drawn until the rows have come", () => {
  const relay = new FakeRelay();
  relay.overview = 2;
  relay.push(20_000, (row) => (row === 7777 ? 99 : 0));
  const { store } = setting(relay);
  const { y } = store.points("price", 0, 20_000, 200);
  expect([store.loaded, Math.max(...y)]).toEqual([0, 99]);
  expect(store.extent()).toEqual([0, 19_968]);
});

test("columns that were added are gaps in the rows before", async () => {
  const { relay, store } = setting();
  relay.push(10);
  const columns = [...feedSpec().columns, { name: "size", type: "integer" as const, unit: "" }];
  relay.spec = feedSpec({ columns });
  relay.tellWatched();
  expect(store.loaded).toBe(10);
  expect([...store.points("size", 0, 9, 100).y].every(Number.isNaN)).toBe(true);
});

test("there may be no feed of this name, and then one", () => {
  const relay = new FakeRelay();
  const { spec } = relay;
  relay.spec = null;
  const { store, changes } = setting(relay);
  expect([store.spec, store.extent(), store.points("price", 0, 1, 10).t.length]).toEqual([
    null,
    null,
    0,
  ]);
  relay.spec = spec;
  relay.tellWatched();
  expect([store.spec, changes.includes("spec")]).toEqual([spec, true]);
});

test("the status of the source is told", () => {
  const { relay, store, changes } = setting();
  const status = { ...(store.status ?? fail()), state: "stale" as const };
  relay.say({ type: "report", feed: "f", status });
  expect([store.status?.state, changes.at(-1)]).toEqual(["stale", "status"]);
});

function fail(): never {
  throw new Error("a watched feed has a status");
}
