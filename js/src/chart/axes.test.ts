import { expect, test } from "vitest";
import { DAY, logTicks, timeTicks, valueTicks, wordTicks } from "./axes";

const NOON = Date.UTC(2026, 10, 23, 12, 0, 0) / 1000;

test("ticks are round numbers", () => {
  expect(valueTicks([0.03, 0.97], 5).at).toEqual([0.2, 0.4, 0.6, 0.8]);
});

test("there are never more ticks than there is room for", () => {
  const counts = [3, 7, 11, 13, 170].map((span) => valueTicks([0, span], 6).at.length);
  expect(Math.max(...counts)).toBeLessThanOrEqual(7);
});

test("a log axis has its powers of ten", () => {
  expect(logTicks([0.5, 20_000], 6).at).toEqual([1, 10, 100, 1000, 10_000]);
});

test("within a decade a log axis is like a plain one", () => {
  expect(logTicks([10, 30], 5).at).toEqual([10, 15, 20, 25, 30]);
});

test("times have ticks on whole minutes", () => {
  expect(timeTicks([NOON + 1, NOON + 600], 6, "UTC")).toEqual({
    at: [120, 240, 360, 480, 600].map((after) => NOON + after),
    step: 120,
  });
});

test("days begin at the zone's midnight, also after its clock was changed", () => {
  // Clocks in Berlin went back on 25 October 2026.
  const start = Date.UTC(2026, 9, 23, 12) / 1000;
  const { at } = timeTicks([start, start + 4 * DAY], 5, "Europe/Berlin");
  const utc = at.map((t) => new Date(t * 1000).toISOString().slice(5, 16));
  expect(utc).toEqual(["10-23T22:00", "10-24T22:00", "10-25T23:00", "10-26T23:00"]);
});

test("months begin on their first day", () => {
  const { at } = timeTicks([NOON, NOON + 200 * DAY], 7, "UTC");
  expect(at.map((t) => new Date(t * 1000).getUTCDate())).toEqual(at.map(() => 1));
});

test("years and milliseconds have round ticks, too", () => {
  const years = timeTicks([0, NOON], 6, "UTC").at.map((t) => new Date(t * 1000).getUTCFullYear());
  expect([years, timeTicks([0, 0.01], 5, "UTC").step]).toEqual([
    [1970, 1980, 1990, 2000, 2010, 2020],
    0.002,
  ]);
});

test("words have their ticks at their places, and none where there is no word", () => {
  expect(wordTicks([-0.3, 3.3], 5, 3)).toEqual({ at: [0, 1, 2], step: 1 });
});

test("of many words some have ticks", () => {
  expect(wordTicks([-1, 41], 5, 40)).toEqual({ at: [0, 10, 20, 30], step: 10 });
});
