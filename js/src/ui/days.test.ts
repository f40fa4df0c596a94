import { expect, test } from "vitest";
import { exactRange, rangeOf } from "./days";

const NOON = new Date(2026, 4, 5, 12).getTime();
const [SECOND, HOUR, DAY] = [1000, 3_600_000, 86_400_000];

function shown(startMs: number, length: number): string {
  return rangeOf(startMs, startMs + length, NOON);
}

test("a range of today has no date, a range of another day has", () => {
  expect(shown(NOON, HOUR)).not.toContain("2026");
  expect(shown(NOON - 2 * DAY, HOUR)).toContain("2026");
});

test("the shorter a range, the finer its times", () => {
  const parts = [HOUR, 60 * SECOND, SECOND / 4].map(
    (length) => shown(NOON, length).split(/\D+/).filter(Boolean).length,
  );
  expect(parts).toEqual([4, 6, 8]);
});

test("a range of months is told in days", () => {
  expect(shown(NOON - 90 * DAY, 60 * DAY)).not.toContain(":");
});

test("an instant is told once", () => {
  expect(shown(NOON, 0)).not.toContain("–");
});

test.each([
  [Number.NaN, 1],
  [1e300, 1e301],
  [-1e300, 0],
])("there is no word for %d to %d", (startMs, endMs) => {
  expect([rangeOf(startMs, endMs, NOON), exactRange(startMs, endMs)]).toEqual(["", ""]);
});
