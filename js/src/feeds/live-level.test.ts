/** The newest rows of a feed that is too long to be here: they come as bins, as fine as they are drawn. */
import { expect, test } from "vitest";
import { LongRelay, priceOf, SPIKES } from "./long-relay";
import { FeedStore } from "./store";
import { TestTiming } from "./support";

const COUNT = 3_000_000;
const PX = 1000;

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

class Screen {
  readonly relay: LongRelay;
  readonly store: FeedStore;
  readonly timing = new TestTiming();

  constructor(count = COUNT) {
    this.relay = new LongRelay(count);
    this.store = new FeedStore("f", this.relay.connect, this.timing);
  }

  /** Looks at so many of the newest rows. */
  look(rows: number) {
    return this.store.points("price", this.relay.end - rows, this.relay.end + 1, PX);
  }

  /** Looks, until all that it shows is here and what is watched fits. */
  async rests(rows: number) {
    for (let n = 0; n < 12; n += 1) {
      this.look(rows);
      while (this.relay.answer());
      await settled();
      this.timing.pass(100);
    }
    return this.look(rows);
  }

  live(count: number): void {
    this.relay.push(count);
    this.relay.tell();
  }
}

test("[F6] a feed is watched at the level at which it is drawn", async () => {
  const screen = new Screen();
  for (const rows of [COUNT, 60_000, 8_000, 300_000]) await screen.rests(rows);
  expect(screen.relay.levels).toEqual([0, 2, 1, 0, 2]);
});

test("a wheel that is turned fast changes it once", async () => {
  const screen = new Screen();
  for (let rows = COUNT; rows > 1000; rows /= 2) {
    screen.look(rows);
    while (screen.relay.answer());
    screen.timing.pass(20);
  }
  screen.timing.pass(300);
  expect(screen.relay.levels).toEqual([0]);
  for (let rows = 1000; rows < COUNT; rows *= 2) {
    screen.look(rows);
    screen.timing.pass(10);
  }
  await screen.rests(COUNT);
  expect(screen.relay.levels).toEqual([0, 2]);
});

test("of two charts, the one that draws finer decides", async () => {
  const screen = new Screen();
  for (let n = 0; n < 20; n += 1) {
    screen.look(COUNT);
    screen.look(50_000);
    screen.timing.pass(50);
  }
  expect(screen.relay.levels).toEqual([0, 1]);
});

test("bars go on with rows, however much is seen of them", async () => {
  const screen = new Screen();
  await screen.rests(COUNT);
  for (let n = 0; n < 5; n += 1) {
    screen.store.bars({ op: "ohlc", every: 100, price: "price" }, 0, COUNT);
    screen.look(COUNT);
    screen.timing.pass(100);
  }
  screen.live(1_000);
  const { t } = screen.store.bars({ op: "ohlc", every: 100, price: "price" }, COUNT, COUNT + 999);
  expect([screen.relay.levels, t.length]).toEqual([[0, 2, 0], 10]);
});

test("[F6] who draws bins knows the last row, and is asked for no others", async () => {
  const screen = new Screen();
  await screen.rests(COUNT);
  const { store, relay } = screen;
  for (let n = 0; n < 50; n += 1) {
    screen.live(7_777);
    screen.look(COUNT);
  }
  const last = relay.end - 1;
  expect(relay.asked).toEqual([]);
  expect([store.end, store.extent(), store.sentAt]).toEqual([last + 1, [0, last], last + 1]);
  expect(store.at(last, "price")).toEqual({ row: last, t: last, value: priceOf(last) });
  expect([...store.rows(last - 5, last, 9)].at(-1)?.row).toBe(last);
});

test("[F6] bins that come live are drawn, the last of them as it grows", async () => {
  const screen = new Screen();
  await screen.rests(COUNT);
  const shown = [];
  for (let n = 0; n < 40; n += 1) {
    screen.live(4_000);
    shown.push(Math.max(...screen.look(COUNT).y));
  }
  const spike = (end: number): number => Math.floor((end - 1) / SPIKES) * SPIKES;
  expect(shown).toEqual(shown.map((_, n) => spike(COUNT + 4_000 * (n + 1))));
  expect(screen.relay.asked).toEqual([]);
});

test("[F7] bins that were skipped are fetched", async () => {
  const screen = new Screen();
  await screen.rests(COUNT);
  screen.relay.push(500_000);
  screen.relay.tell(1);
  const { y } = await screen.rests(COUNT);
  for (let row = Math.ceil(COUNT / SPIKES) * SPIKES; row < COUNT + 500_000; row += SPIKES) {
    expect(y).toContain(row);
  }
  expect([...y].some(Number.isNaN)).toBe(false);
});

test("[F7] what is told as drawn is the rows", async () => {
  const screen = new Screen();
  await screen.rests(COUNT);
  screen.live(12_345);
  screen.store.drawn();
  expect(screen.relay.drawn).toBe(COUNT + 12_345);
});

test("who comes back to the newest rows sees them as rows, and then live", async () => {
  const screen = new Screen();
  await screen.rests(COUNT);
  for (let n = 0; n < 20; n += 1) screen.live(5_000);
  await screen.rests(3_000);
  for (let n = 0; n < 10; n += 1) screen.live(50);
  const { t, exact } = screen.look(3_000);
  expect([exact, t.at(-1), t.length]).toEqual([true, screen.relay.end - 1, 3_001]);
  expect(screen.relay.asked).toEqual([]);
});

test("who looks at the past only is told where the feed ends", async () => {
  const screen = new Screen();
  await screen.rests(8_000);
  for (let n = 0; n < 8; n += 1) {
    screen.store.points("price", 1_000_000, 1_005_000, PX);
    while (screen.relay.answer());
    await settled();
    screen.timing.pass(100);
    screen.live(5_000);
  }
  expect([screen.relay.level, screen.store.end]).toEqual([6, COUNT + 40_000]);
});

test("a feed that begins anew, and is short, is watched as rows", async () => {
  const screen = new Screen();
  await screen.rests(COUNT);
  screen.relay.begin("e2", 10);
  while (screen.relay.answer());
  await settled();
  screen.live(90);
  expect([screen.relay.level, screen.store.loaded, screen.store.end]).toEqual([0, 100, 100]);
});

test("after a break it is watched at the same level", async () => {
  const screen = new Screen();
  await screen.rests(COUNT);
  screen.relay.cut();
  screen.relay.push(100_000);
  screen.relay.resume();
  expect([screen.relay.level, screen.store.end]).toEqual([2, COUNT + 100_000]);
  await screen.rests(COUNT);
  expect(screen.store.extent()).toEqual([0, COUNT + 99_999]);
});

function chances(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test.each(Array.from({ length: 12 }, (_, seed) => seed))("[F6] seed %i", async (seed) => {
  const chance = chances(seed);
  const screen = new Screen(COUNT + chance(100_000));
  const { relay, store, timing } = screen;
  let [isCut, epochs] = [false, 1];
  const resume = (): void => {
    if (isCut) relay.resume();
    isCut = false;
  };
  const actions: (() => void)[] = [
    () => screen.live(1 + chance(9_000)),
    () => screen.live(1 + chance(5)),
    () => {
      relay.push(chance(400_000));
      relay.tell(1 + chance(900));
    },
    () => void relay.answer(),
    () => void relay.answer(),
    () => {
      if (!isCut) relay.cut();
      isCut = true;
    },
    resume,
    () => void screen.look(1 + chance(COUNT)),
    () => void screen.look(1 + chance(20_000)),
    () => void store.points("price", chance(COUNT), chance(COUNT), PX),
    () => timing.pass(chance(400)),
    () => store.drawn(),
    () => {
      if (chance(5) === 0) relay.begin(`e${++epochs}`, COUNT + chance(9));
    },
  ];
  for (let n = 0; n < 80; n += 1) {
    actions[chance(actions.length)]?.();
    if (chance(3) === 0) await settled();
  }
  resume();
  screen.live(3);
  const far = await screen.rests(2_500_000);
  const last = relay.end - 1;
  for (let row = Math.floor(last / SPIKES) * SPIKES; row > last - 2_400_000; row -= SPIKES) {
    expect(far.y, `seed ${seed}`).toContain(row);
  }
  expect([...far.y].some(Number.isNaN), `seed ${seed}`).toBe(false);
  expect([store.end, store.extent()?.[1]], `seed ${seed}`).toEqual([last + 1, last]);
  const near = await screen.rests(2_000);
  screen.live(10);
  expect([relay.level, near.exact, near.t.length], `seed ${seed}`).toEqual([0, true, 2_001]);
  expect([...screen.look(2_000).t].at(-1)).toBe(relay.end - 1);
});
