/** Random watching, skipping, cutting and restarting: in the end every row is here once. */
import { expect, test } from "vitest";
import { FakeRelay } from "./fake-relay";
import { FeedStore } from "./store";
import { TestTiming } from "./support";

function chances(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

class Play {
  readonly relay: FakeRelay;
  readonly store: FeedStore;
  readonly steps: string[] = [];
  readonly #timing = new TestTiming();
  readonly #chance: (below: number) => number;
  #epochs = 1;
  #isCut = false;

  constructor(seed: number) {
    this.#chance = chances(seed);
    this.relay = new FakeRelay({ keep_rows: 50_000 });
    this.relay.overview = this.#chance(4);
    this.relay.push(this.#chance(100_000));
    this.store = new FeedStore("f", this.relay.connect, this.#timing);
  }

  async step(): Promise<void> {
    const { relay, store } = this;
    const chance = this.#chance;
    const value = (row: number): number =>
      chance(40) === 0 ? Number.NaN : Math.sin(row) + chance(9);
    const actions: Record<string, () => void> = {
      push: () => relay.push(chance(3000), value, this.#isCut),
      few: () => relay.push(chance(4), value, this.#isCut),
      skip: () => {
        relay.push(chance(20_000), value, true);
        relay.tell(1 + chance(500));
      },
      answer: () => void relay.answer(),
      answers: () => relay.answerAll(),
      cut: () => {
        if (!this.#isCut) relay.cut();
        this.#isCut = true;
      },
      resume: () => this.resume(),
      draw: () => {
        store.points("price", chance(relay.end + 1), relay.end, 1 + chance(900));
        store.drawn();
        this.#timing.pass(chance(300));
      },
      drop: () => {
        // Whole chunks, of rows that need not be kept.
        relay.first = Math.max(relay.first, Math.floor((relay.end - 50_000) / 1000) * 1000);
      },
      again: () => {
        // Told again.
        const last = Math.min(relay.first + 50, relay.end);
        relay.say({ type: "rows", feed: "f", block: relay.block(relay.first, last), newest: null });
      },
      restart: () => {
        if (chance(4) > 0) return;
        this.#epochs += 1;
        relay.begin(`e${this.#epochs}`);
      },
    };
    const names = Object.keys(actions);
    const name = names[chance(names.length)] ?? "push";
    this.steps.push(name);
    actions[name]?.();
    if (chance(3) === 0) await settled();
  }

  resume(): void {
    if (this.#isCut) this.relay.resume();
    this.#isCut = false;
  }
}

test.each(Array.from({ length: 40 }, (_, seed) => seed))("seed %i", async (seed) => {
  const play = new Play(seed);
  for (let n = 0; n < 60; n += 1) await play.step();
  play.resume();
  const { relay, store } = play;
  for (let n = 0; n < 100; n += 1) {
    relay.answerAll();
    await settled();
  }
  const told = `seed ${seed}: ${play.steps.join(" ")}`;
  const first = Math.max(0, relay.end - 50_000);
  expect([store.first, store.end, store.loaded], told).toEqual([
    first,
    relay.end,
    relay.end - first,
  ]);
  expect(store.checksum(), told).toBe(relay.checksum(first));
  expect(relay.asked, told).toEqual([]);
});
