import { expect, test } from "vitest";
import { Pace, type Sent } from "./pace";
import { stopped } from "./support";

function setting() {
  const sent: Sent[] = [];
  const { clock, pass } = stopped();
  return { pace: new Pace(clock, (one) => sent.push(one)), sent, pass };
}

function emit(content: unknown): Sent {
  return { type: "emit", model: "a", content, buffers: [] };
}

function set(value: unknown, turn = 1): Sent {
  return { type: "set", turn, values: { "a/value": value } };
}

test("what people do goes out at once", () => {
  const { pace, sent, pass } = setting();
  for (let frame = 0; frame < 600; frame += 1) {
    pace.push(set(frame));
    pass(1000 / 60);
    expect(sent).toHaveLength(frame + 1);
  }
});

test("a flood goes out at the pace of the room", () => {
  const { pace, sent, pass } = setting();
  for (let at = 0; at < 500; at += 1) pace.push(emit(at));
  expect(sent).toHaveLength(300);
  pass(1000);
  expect(sent.length).toBeLessThanOrEqual(300 + 91);
  pass(10_000);
  expect(sent.map((one) => one.type === "emit" && one.content)).toEqual([...Array(500).keys()]);
});

test("values that wait are replaced by newer ones", () => {
  const { pace, sent, pass } = setting();
  for (let at = 0; at < 5000; at += 1) expect(pace.push(set(at, at))).toBe(true);
  pass(1000);
  expect(sent).toHaveLength(301);
  expect(sent.at(-1)).toEqual(set(4999, 4999));
});

test("in a flood of both, the last value arrives all the same", () => {
  const { pace, sent, pass } = setting();
  for (let at = 0; at < 5000; at += 1) {
    pace.push(emit(at));
    pace.push(set(at));
  }
  pass(10_000);
  expect(sent.filter(({ type }) => type === "set").at(-1)).toEqual(set(4999));
  expect(sent.length).toBeLessThan(650);
});

test("what waits has an end, and who sends more is told", () => {
  const { pace } = setting();
  const taken = [...Array(1000).keys()].filter((at) => pace.push(emit(at)));
  expect(taken).toHaveLength(600);
});

test("many bytes wait as well", () => {
  const { pace, sent, pass } = setting();
  for (let at = 0; at < 40; at += 1) pace.push(emit(new Uint8Array(1 << 20)));
  expect(sent.length).toBeLessThan(14);
  pass(60_000);
  expect(sent).toHaveLength(40);
});

test("a value that holds itself is somebody else's to refuse", () => {
  const { pace, sent } = setting();
  const knot: unknown[] = [];
  knot.push(knot, knot);
  pace.push(emit(knot));
  expect(sent).toHaveLength(1);
});

test("what waits is forgotten with the frame that sent it", () => {
  const { pace, sent, pass } = setting();
  for (let at = 0; at < 400; at += 1) pace.push(emit(at));
  pace.clear();
  pass(60_000);
  expect(sent).toHaveLength(300);
});
