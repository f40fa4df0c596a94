import { expect, test } from "vitest";
import { pixelsTo, topAt } from "./viewing";

const MINE = {
  b: { left: 0, top: 300, width: 500, height: 1000 },
  a: { left: 0, top: 20, width: 500, height: 200 },
};
const THEIRS = {
  a: { left: 0, top: 20, width: 300, height: 400 },
  b: { left: 0, top: 500, width: 300, height: 2000 },
};

test.each([
  ["before the first", -50, { share: "a", at: 0 }],
  ["within one", 70, { share: "a", at: 0.25 }],
  ["between two", 250, { share: "b", at: 0 }],
  ["far down", 1200, { share: "b", at: 0.9 }],
  ["below all", 1400, null],
])("[P8] what is at the top: %s", (_, top, expected) => {
  expect(topAt(top, MINE)).toEqual(expected);
});

test("[P8] the same part of the share is at the top of another window", () => {
  expect(pixelsTo({ share: "b", at: 0.5 }, THEIRS)).toBe(1500);
});

test("a share that begins at the top keeps its air", () => {
  expect(pixelsTo({ share: "a", at: 0 }, THEIRS)).toBe(-4);
});

test("a share that is not here is nowhere", () => {
  expect(pixelsTo({ share: "toString", at: 0 }, THEIRS)).toBeNull();
});
