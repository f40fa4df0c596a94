import { expect, test } from "vitest";
import { wordsOf } from "./value-text";

test.each([
  [null, "–"],
  ["", "–"],
  [true, "yes"],
  [0.1 + 0.2, "0.3"],
  [2024, "2024"],
  [Number.NaN, "NaN"],
  ["two\nlines", "two lines"],
  [[1, 1 / 3], "[1,0.333333]"],
  [{ bytes: new Uint8Array(3) }, '{"bytes":"3 byte"}'],
])("%j is said as %s", (value, words) => {
  expect(wordsOf(value)).toBe(words);
});

test("bytes are told by how many they are", () => {
  expect(wordsOf(new Uint8Array(2048))).toBe("2 kB");
});

test("integers of any length are said", () => {
  expect([wordsOf(10n), wordsOf([10n])]).toEqual(["10", '["10"]']);
});

test("what is long is cut", () => {
  expect(wordsOf("x".repeat(500))).toHaveLength(161);
});
