import { expect, test } from "vitest";
import { bounded, fitted, followed, grounded, moved, nearest, type Range, zoomed } from "./range";

test("an axis has some air around its values", () => {
  const [from, to] = fitted(null, 0, 100, false);
  expect([from < 0, to > 100]).toEqual([true, true]);
});

test("an axis stays as it is while its values fit", () => {
  const before: Range = [0, 100];
  expect(fitted(before, 10, 90, false)).toBe(before);
});

test("an axis grows by more than the value that did not fit", () => {
  const [, to] = fitted([0, 100], 10, 101, false);
  expect(to).toBeGreaterThan(105);
});

test("an axis shrinks when its values have become much smaller", () => {
  const [from, to] = fitted([0, 100], 10, 20, false);
  expect(to - from).toBeLessThan(15);
});

test("values that are all the same have an axis around them", () => {
  const [from, to] = fitted(null, 50, 50, false);
  expect([from < 50, to > 50]).toEqual([true, true]);
});

test("a log axis has the same air in decades", () => {
  const [from, to] = fitted(null, 1, 100, true);
  expect(Math.log10(from) + Math.log10(to)).toBeCloseTo(2);
});

test("bars stand on zero", () => {
  expect([
    grounded([3, 11], 4, 10),
    grounded([-11, -3], -10, -4),
    grounded([-3, 11], -2, 10),
  ]).toEqual([
    [0, 11],
    [-11, 0],
    [-3, 11],
  ]);
});

test("a zoom keeps the place that it is around", () => {
  expect(zoomed([0, 10], 4, 0.5)).toEqual([2, 7]);
});

test("a move keeps the span", () => {
  expect(moved([0, 10], -3)).toEqual([-3, 7]);
});

test("nobody moves to where there are no rows at all", () => {
  const [from] = bounded([1000, 1010], [0, 100]);
  expect(from).toBeLessThan(100);
});

test("nobody zooms nearer than a millisecond", () => {
  const [from, to] = bounded([5, 5], [0, 100]);
  expect(to - from).toBeCloseTo(1e-3);
});

test("a window shows its seconds before the newest row", () => {
  const [from, to] = followed([0, 1000], 300, 0, null);
  expect([from, to >= 1000 && to < 1010]).toEqual([700, true]);
});

test("without a window all rows are shown", () => {
  expect(followed([0, 1000], 0, 0, null)[0]).toBe(0);
});

test("a picture of all rows stays until they reach its edge", () => {
  const before = followed([0, 1000], 0, 0, null);
  expect([
    followed([0, 1010], 0, 0, before) === before,
    followed([0, 1031], 0, 0, before)[1] > 1031,
  ]).toEqual([true, true]);
});

test("a picture of all rows moves when old ones are dropped", () => {
  expect(followed([50, 1010], 0, 0, [0, 1030])[0]).toBe(50);
});

test("one row alone has a minute around it", () => {
  expect(followed([50, 50], 0, 0, null)).toEqual([20, 80]);
});

test.each([
  [-5, 0],
  [1.4, 0],
  [1.6, 1],
  [99, 2],
])("nearest to %s is place %s", (value, place) => {
  expect(nearest([1, 2, 3], value)).toBe(place);
});

test("nothing is nearest where nothing is", () => {
  expect(nearest([], 1)).toBe(-1);
});
