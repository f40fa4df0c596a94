import { expect, test } from "vitest";
import {
  cut,
  decimalsOf,
  durationText,
  localOffset,
  numberText,
  tickTexts,
  timeText,
  withUnit,
} from "./words";

const NOON = Date.UTC(2026, 10, 23, 12, 0, 0) / 1000;

test.each([
  [65432.1, 1],
  [65432.01, 2],
  [21, 0],
  [1e-7, 7],
  [1.5e-7, 8],
  [1e21, 0],
  [-0.25, 2],
])("%s has %s decimals", (value, decimals) => {
  expect(decimalsOf(value)).toBe(decimals);
});

test("the noise of a computation has no decimals that mean anything", () => {
  expect(decimalsOf(0.1 + 0.2)).toBeNull();
});

test("a float32 is written as it was measured", () => {
  expect(decimalsOf(Math.fround(21.4), true)).toBe(1);
});

test("a value is never longer than it came", () => {
  expect(numberText(65432.1, 2)).toBe("65,432.10");
});

test("what is no number has a sign of its own", () => {
  expect([numberText(Number.NaN, 2), numberText(-Infinity, 2)]).toEqual(["–", "−∞"]);
});

test("units stand where people write them", () => {
  const texts = [
    withUnit("21.4", "°C"),
    withUnit("12", "ms"),
    withUnit("−3", "$"),
    withUnit("5", ""),
  ];
  expect(texts).toEqual(["21.4°C", "12 ms", "−$3", "5"]);
});

test.each([
  [2.13, "2.1 s"],
  [12.4, "12 s"],
  [200, "3 min"],
  [9000, "3 h"],
])("%s seconds are %s", (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

test("a zone's clock is ahead of UTC by what it is on that day", () => {
  const july = Date.UTC(2026, 6, 1) / 1000;
  expect([localOffset(NOON, "Europe/Berlin"), localOffset(july, "Europe/Berlin")]).toEqual([
    3600, 7200,
  ]);
});

test("a zone that nobody knows is the viewer's own", () => {
  expect(localOffset(NOON, "Mars/Olympus")).toBe(localOffset(NOON, ""));
});

test("times are as exact as the pixels are", () => {
  const texts = [0.001, 0.5, 30, 3600].map((step) => timeText(NOON + 0.25, "UTC", step, NOON));
  expect(texts).toEqual(["12:00:00.250", "12:00:00.2", "12:00:00", "12:00"]);
});

test("the day is told where it begins", () => {
  const midnight = NOON + 43_200;
  expect(tickTexts([NOON, midnight - 3600, midnight], 3600, "UTC", true)).toEqual([
    "12:00\n23 Nov",
    "23:00",
    "00:00\n24 Nov",
  ]);
});

test("long words are cut", () => {
  expect([cut("buy", 3), cut("sells", 3)]).toEqual(["buy", "se…"]);
});
