import { expect, test } from "vitest";
import { equal } from "./equal";

test.each([
  [1, 1],
  [Number.NaN, Number.NaN],
  ["a", "a"],
  [null, null],
  [
    [1, [2]],
    [1, [2]],
  ],
  [
    { a: 1, b: { c: [] } },
    { b: { c: [] }, a: 1 },
  ],
  [new Uint8Array([1, 2]), new Uint8Array([1, 2])],
  [new Date(5), new Date(5)],
])("%j is %j", (a, b) => {
  expect(equal(a, b)).toBe(true);
});

test.each([
  [1, "1"],
  [null, undefined],
  [null, {}],
  [[1], [1, 2]],
  [[1], { 0: 1 }],
  [{ a: 1 }, { b: 1 }],
  [{ a: 1 }, { a: 1, b: undefined }],
  [new Uint8Array([1]), [1]],
  [new Uint8Array([1]), new Uint8Array([2])],
  [new Date(5), new Date(6)],
  [new Date(5), {}],
])("%j is not %j", (a, b) => {
  expect(equal(a, b)).toBe(false);
});
