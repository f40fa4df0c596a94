import { expect, test } from "vitest";
import { around, boundsOf, earlier, held, later, MOST, newest, type Span } from "./span";

const linesTo = (count: number, unsent = 0): { id: number }[] => [
  ...Array.from({ length: count }, (_, n) => ({ id: 2 * n + 1 })), // acts have offsets too
  ...Array.from({ length: unsent }, (_, n) => ({ id: -(n + 1) })),
];

test("a conversation opens at its newest lines, those that are on their way included", () => {
  const [from, to] = boundsOf(linesTo(100_000, 2), newest(linesTo(100_000, 2)));
  expect(to).toBe(100_002);
  expect(to - from).toBeLessThanOrEqual(MOST);
});

test("at the end, what comes pushes out the oldest", () => {
  const span = newest(linesTo(10));
  expect(boundsOf(linesTo(1000), span)).toEqual([1000 - MOST, 1000]);
});

test("whoever reads elsewhere stays there when lines come", () => {
  const span = held(linesTo(50), newest(linesTo(50)));
  expect(boundsOf(linesTo(1000), span)).toEqual([0, 50]);
});

test("from the end to the beginning and back, every line is once in the document", () => {
  const lines = linesTo(1000);
  let span: Span = newest(lines);
  const seen = new Set<number>();
  const walk = (next: typeof earlier, done: (from: number, to: number) => boolean): void => {
    for (let n = 0; n < 50; n += 1) {
      const [from, to] = boundsOf(lines, span);
      expect(to - from).toBeLessThanOrEqual(MOST);
      for (let at = from; at < to; at += 1) seen.add(at);
      if (done(from, to)) return;
      span = next(lines, span);
    }
    throw new Error("never got there");
  };
  walk(earlier, (from) => from === 0);
  expect(seen.size).toBe(1000);
  seen.clear();
  walk(later, (_, to) => to === 1000);
  expect(seen.size).toBe(1000);
});

test("older lines that come in above leave the span where it was", () => {
  const span = earlier(linesTo(100), newest(linesTo(100)));
  const longer = [
    ...Array.from({ length: 50 }, (_, n) => ({ id: n - 100 + 0.5 })),
    ...linesTo(100),
  ];
  const shifted = longer.map(({ id }) => ({ id: id + 200 }));
  const moved = { first: span.first + 200, last: span.last };
  expect(boundsOf(shifted, moved)[0]).toBe(50);
});

test("a line is shown with as many before as after it", () => {
  const lines = linesTo(1000);
  const [from, to] = boundsOf(lines, around(lines, 801));
  expect([from, to]).toEqual([400 - MOST / 2, 400 + MOST / 2]);
});

test("a span whose first line was deleted begins with the next", () => {
  const lines = linesTo(1000).filter(({ id }) => id !== 801);
  expect(boundsOf(lines, { first: 801, last: 901 })[0]).toBe(400);
});
