import { expect, test } from "vitest";
import { type Column, checksum } from ".";

const FIRST = 2 ** 33;
const COLUMNS = new Map<number, Column>([
  [0, Float64Array.of(1, 2, 3, 4)],
  [1, Float32Array.of(0.5, Number.NaN, 1e9, -0)],
  [2, ["a", "", "♥", "a"]],
]);

function cut(from: number, to: number): Map<number, Column> {
  return new Map([...COLUMNS].map(([column, values]) => [column, values.slice(from, to)]));
}

test("cuts and their order change nothing", () => {
  const last = checksum(FIRST + 3, cut(3, 4));
  const first = checksum(FIRST, cut(0, 1), last);
  expect(checksum(FIRST + 1, cut(1, 3), first)).toBe(checksum(FIRST, COLUMNS));
});

test("rows that were dropped can be subtracted", () => {
  const kept = checksum(FIRST, COLUMNS) - checksum(FIRST, cut(0, 2));
  expect(kept >>> 0).toBe(checksum(FIRST + 2, cut(2, 4)));
});

test("other rows have another checksum", () => {
  expect(checksum(FIRST + 1, COLUMNS)).not.toBe(checksum(FIRST, COLUMNS));
  expect(checksum(FIRST, cut(0, 3))).not.toBe(checksum(FIRST, COLUMNS));
});

test("what is not there adds nothing", () => {
  const nothing = new Map<number, Column>([
    [1, Float64Array.of(Number.NaN)],
    [2, [""]],
  ]);
  expect(checksum(0, nothing, 17)).toBe(17);
});
