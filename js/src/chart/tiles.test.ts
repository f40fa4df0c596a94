import { expect, test } from "vitest";
import { changeText } from "./tiles";

const text = (value: number): string => `${value} $`;

test.each([
  [100, 105, "▲ 5.00%"],
  [100, 50, "▼ 50.0%"],
  [-4, -2, "▲ 50.0%"],
  [3, 3, "±0%"],
])("from %d to %d is %s", (first, last, change) => {
  expect(changeText(first, last, text)).toBe(change);
});

test.each([
  [0, 3, "▲ 3 $"],
  [1, 24, "▲ 23 $"],
  [0.5, -20, "▼ 20.5 $"],
])("from %d to %d, where percents tell nothing, is %s", (first, last, change) => {
  expect(changeText(first, last, text)).toBe(change);
});
