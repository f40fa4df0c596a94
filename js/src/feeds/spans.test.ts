import { expect, test } from "vitest";
import { Spans } from "./spans";

function spansOf(...ranges: [number, number][]): Spans {
  const spans = new Spans();
  for (const [first, last] of ranges) spans.add(first, last);
  return spans;
}

test("ranges that touch or overlap become one", () => {
  const spans = spansOf([10, 20], [30, 40], [20, 25], [24, 30], [50, 60]);
  expect([...spans]).toEqual([
    [10, 40],
    [50, 60],
  ]);
  expect(spans.size).toBe(40);
});

test("taking out of the middle leaves both sides", () => {
  const spans = spansOf([0, 100]);
  spans.remove(40, 60);
  expect([...spans]).toEqual([
    [0, 40],
    [60, 100],
  ]);
});

test("what is missing is told in order", () => {
  const spans = spansOf([10, 20], [30, 40]);
  expect(spans.missing(0, 50)).toEqual([
    [0, 10],
    [20, 30],
    [40, 50],
  ]);
  expect(spans.missing(12, 18)).toEqual([]);
});

test("a row knows the run that it is in, and what is next to it", () => {
  const spans = spansOf([10, 20], [30, 40]);
  expect([spans.run(10), spans.run(20), spans.next(20), spans.next(40)]).toEqual([
    20,
    20,
    30,
    Number.POSITIVE_INFINITY,
  ]);
  expect([spans.before(10), spans.before(15), spans.before(20), spans.before(29)]).toEqual([
    -1, 14, 19, 19,
  ]);
});

test("it is the same set as one that remembers each row", () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const spans = new Spans();
  const rows = new Set<number>();
  for (let step = 0; step < 2000; step += 1) {
    const first = random(100);
    const last = first + random(20);
    const adding = random(3) > 0;
    if (adding) spans.add(first, last);
    else spans.remove(first, last);
    for (let row = first; row < last; row += 1) adding ? rows.add(row) : rows.delete(row);
    const seen = Array.from({ length: 125 }, (_, row) => spans.has(row));
    expect(seen, `step ${step}`).toEqual(seen.map((_, row) => rows.has(row)));
    expect(spans.size).toBe(rows.size);
  }
});
