import { expect, test } from "vitest";
import { Feeding } from "../feeding";
import type { ViewerWish } from "../protocol/viewer";
import { FeedGate } from "./feed-gate";
import type { ToSandbox } from "./messages";
import { stopped } from "./support";

function setting() {
  const sent: ViewerWish[][] = [];
  const posted: ToSandbox[] = [];
  const closing = new AbortController();
  const { clock, pass } = stopped();
  const feeding = new Feeding((wishes) => sent.push([...wishes]));
  const gate = new FeedGate(feeding, (message) => posted.push(message), clock, closing.signal);
  return { sent, posted, closing, pass, feeding, gate };
}

const watch = (feed: string): ViewerWish => ({
  type: "watch",
  feed,
  epoch: "",
  after: 0,
  level: 0,
});
const drawn = (feed: string, at: number): ViewerWish => ({ type: "drawn", feed, at });
const block = new Uint8Array([1, 2, 3]);
const tick = (): Promise<void> => Promise.resolve();

test("wishes of one moment are one message", async () => {
  const { gate, feeding, sent } = setting();
  feeding.receiveLine(true);
  gate.receive(watch("a"));
  gate.receive(watch("b"));
  gate.receive(drawn("a", 5));
  gate.receive(drawn("a", 9));
  await tick();
  expect(sent).toEqual([[watch("a"), watch("b"), drawn("a", 9)]]);
});

test("a sandbox that says too much is heard at the pace of the room", async () => {
  const { gate, feeding, sent, pass } = setting();
  feeding.receiveLine(true);
  gate.receive(watch("a"));
  for (let at = 0; at < 1000; at += 1) {
    gate.receive(drawn("a", at));
    await tick();
    pass(1);
  }
  pass(200);
  expect(sent.length).toBeLessThan(80);
  expect(sent.at(-1)).toEqual([drawn("a", 999)]);
});

test("only news of what is watched come in", () => {
  const { gate, feeding, posted } = setting();
  feeding.receiveLine(true);
  gate.receive(watch("a"));
  feeding.receive({ type: "rows", feed: "a", block, newest: null });
  feeding.receive({ type: "rows", feed: "b", block, newest: null });
  expect(posted).toEqual([
    { type: "feed", news: { type: "line", open: true } },
    { type: "feed", news: { type: "rows", feed: "a", block, newest: null } },
  ]);
});

test("what was wished on a line that has broken is dropped", async () => {
  const { gate, feeding, sent, posted } = setting();
  feeding.receiveLine(true);
  gate.receive(watch("a"));
  feeding.receiveLine(false);
  gate.receive(watch("b"));
  feeding.receiveLine(true);
  gate.receive(drawn("a", 3));
  await tick();
  expect([sent, posted.length]).toEqual([[], 3]);
});

test("a new sandbox begins with nothing watched", async () => {
  const { gate, feeding, sent, posted } = setting();
  feeding.receiveLine(true);
  gate.receive(watch("a"));
  await tick();
  gate.begin();
  expect(sent.at(-1)).toEqual([{ type: "unwatch", feed: "a" }]);
  expect(posted.at(-1)).toEqual({ type: "feed", news: { type: "line", open: true } });
  feeding.receive({ type: "rows", feed: "a", block, newest: null });
  expect(posted).toHaveLength(2);
});

test("the end of the page's stage is the end of its watches", async () => {
  const { gate, feeding, sent, closing } = setting();
  feeding.receiveLine(true);
  gate.receive(watch("a"));
  await tick();
  closing.abort();
  expect(sent.at(-1)).toEqual([{ type: "unwatch", feed: "a" }]);
});

test("no more feeds are watched than the relay takes", async () => {
  const { gate, feeding, sent } = setting();
  feeding.receiveLine(true);
  for (let n = 0; n < 70; n += 1) gate.receive(watch(`f${n}`));
  await tick();
  expect(sent[0]).toHaveLength(64);
});

test("who watches one too many is told, and has its turn when another ends", async () => {
  const { gate, feeding, sent, posted } = setting();
  feeding.receiveLine(true);
  for (let n = 0; n <= 64; n += 1) gate.receive(watch(`f${n}`));
  const status = { state: "failed", text: "This page shows too many feeds." };
  expect(posted.at(-1)).toMatchObject({ news: { type: "report", feed: "f64", status } });
  await tick();
  gate.receive({ type: "unwatch", feed: "f7" });
  await tick();
  expect(sent.at(-1)).toEqual([{ type: "unwatch", feed: "f7" }, watch("f64")]);
});

test("who has left meanwhile gets no turn", async () => {
  const { gate, feeding, sent } = setting();
  feeding.receiveLine(true);
  for (let n = 0; n <= 64; n += 1) gate.receive(watch(`f${n}`));
  gate.receive({ type: "unwatch", feed: "f64" });
  await tick();
  gate.receive({ type: "unwatch", feed: "f7" });
  await tick();
  expect(sent.at(-1)).toEqual([{ type: "unwatch", feed: "f7" }]);
});
