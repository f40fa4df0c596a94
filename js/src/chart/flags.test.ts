import { expect, test } from "vitest";
import { freeBelow, isCovered, stacked } from "./flags";

test("flags that are apart are where their values are", () => {
  expect(stacked([50, 100])).toEqual([41, 91]);
});

test("flags that are close push each other down", () => {
  expect(stacked([50, 52, 60])).toEqual([41, 60, 79]);
});

test("the highest flag stays on the canvas", () => {
  expect(stacked([2])).toEqual([0]);
});

test("a number at a flag is covered, also in part", () => {
  expect([40, 48, 74, 75].map((y) => isCovered(y, [50], 12))).toEqual([false, true, false, false]);
});

const box = (x: number, y: number, width = 50, height = 18) => ({ x, y, width, height });

test("words stay where there is nothing else", () => {
  expect(freeBelow(box(0, 0), [box(60, 0), box(0, 30)], 2)).toEqual(box(0, 0));
});

test("words go below what is there, and below what is there", () => {
  expect(freeBelow(box(0, 0), [box(40, 22), box(0, 4, 12, 12)], 2)).toEqual(box(0, 42));
});
