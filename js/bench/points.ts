/** `node bench/run.mjs`: what a frame costs with a million rows of four columns, and what rows cost as they come. */
import { FeedStore } from "../src/feeds/store";
import { feedSpec, rowsBlock, TestTiming } from "../src/feeds/support";
import type { FeedListener } from "../src/protocol/viewer";

const ROWS = 1_000_000;
const COLUMNS = ["a", "b", "c", "d"];
const PX = 1150;
const IDLE = { text: "", since: 0, retry_at: 0, attempts: 0, errors: 0, dropped: 0, recent: [] };

let hear: FeedListener = () => undefined;
const nothing = (): void => undefined;
const store = new FeedStore(
  "bench",
  (listener) => {
    hear = listener;
    return { open: true, watch: nothing, fetch: nothing, drawn: nothing };
  },
  new TestTiming(),
);
const columns = COLUMNS.map((name) => ({ name, type: "number" as const, unit: "" }));
hear({
  type: "watched",
  feed: "bench",
  spec: feedSpec({ columns, keep_rows: ROWS }),
  status: { state: "live", ...IDLE },
  epoch: "e",
  first: 0,
  end: 0,
  overview: [],
});

function blockAt(first: number, count: number) {
  const t = Float64Array.from({ length: count }, (_, n) => (first + n) / 1000);
  const values = COLUMNS.map((_, c) => t.map((at) => Math.sin(at * (c + 1)) + Math.random() / 10));
  return rowsBlock(first, [t, ...values]);
}

function timed(what: string, times: number, run: (n: number) => void): void {
  const took: number[] = [];
  for (let n = 0; n < times; n += 1) {
    // The processor's time: others may use it, too.
    const from = process.cpuUsage();
    run(n);
    const { user, system } = process.cpuUsage(from);
    took.push((user + system) / 1000);
  }
  took.sort((a, b) => a - b);
  const at = (part: number): string => (took[Math.floor(times * part)] ?? 0).toFixed(3);
  console.log(`${what.padEnd(48)} p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`);
}

const bulk = Array.from({ length: ROWS / 10_000 }, (_, n) => blockAt(n * 10_000, 10_000));
timed("10,000 rows of 4 columns come", bulk.length, (n) => {
  const block = bulk[n];
  if (block !== undefined) hear({ type: "rows", feed: "bench", block });
});
const draw = (from: number, to: number): void => {
  for (const column of COLUMNS) store.points(column, from, to, PX);
};
for (let n = 0; n < 50; n += 1) draw(0, 1000);
timed("all: 4 x 1,000,000 rows on 1,150 px", 300, () => draw(0, 1000));
timed("a tenth: 4 x 100,000 rows", 300, (n) => draw(500 + n / 100, 600 + n / 100));
timed("near: 4 x 1,000 rows", 300, (n) => draw(500 + n / 100, 501 + n / 100));
timed("range of 4 columns", 300, () => {
  for (const column of COLUMNS) store.range(column, 100, 900);
});
let end = ROWS;
const ticks = Array.from({ length: 2000 }, (_, n) => blockAt(ROWS + 10 * n, 10));
timed("10 rows come, and all is drawn", ticks.length, (n) => {
  const block = ticks[n];
  if (block !== undefined) hear({ type: "rows", feed: "bench", block });
  end += 10;
  draw(end / 1000 - 1000, end / 1000);
});
timed("checksum of all", 3, () => {
  hear({ type: "rows", feed: "bench", block: blockAt(end, 1) });
  end += 1;
  store.checksum();
});

/** 2 M frames of 5 rows; the feed keeps a million. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const gc = (globalThis as { gc?: () => void }).gc ?? nothing;
const heap = (): string => {
  gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return `${((heapUsed + arrayBuffers) / 2 ** 20).toFixed(1)} MiB`;
};
declare const process: {
  env: Record<string, string | undefined>;
  cpuUsage(since?: object): { user: number; system: number };
  memoryUsage(): { heapUsed: number; arrayBuffers: number };
};
console.log(`heap before the frames: ${heap()}`);
for (let frame = 0; frame < Number(process.env.FRAMES ?? 2_000_000); frame += 1) {
  if (frame % 500_000 === 0) {
    await settled();
    console.log(`heap after ${frame} frames: ${heap()}`);
  }
  hear({ type: "rows", feed: "bench", block: blockAt(end, 5) });
  end += 5;
}
console.log(`heap after 2000000 frames: ${heap()}; ${store.loaded} rows`);
