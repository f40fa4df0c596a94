import { expect, test } from "vitest";
import { glideTo, isGliding, spotAt } from "./glide";

const HERE = { x: 0, y: 0 };
const THERE = { x: 100, y: 50 };

test("a pointer is first seen where it is", () => {
  expect(spotAt(glideTo(null, THERE, 5, false), 5)).toEqual(THERE);
});

test("it takes the way in the time that it took to hear of it", () => {
  const glide = glideTo(glideTo(null, HERE, 0, false), THERE, 80, false);
  expect([80, 120, 160, 500].map((now) => spotAt(glide, now).x)).toEqual([0, 50, 100, 100]);
  expect([isGliding(glide, 159), isGliding(glide, 160)]).toEqual([true, false]);
});

test("after a rest it is not slow, and news in a row do not make it jump", () => {
  const rested = glideTo(glideTo(null, HERE, 0, false), THERE, 9000, false);
  expect(spotAt(rested, 9120)).toEqual(THERE);
  const hasty = glideTo(glideTo(null, HERE, 0, false), THERE, 1, false);
  expect(spotAt(hasty, 16).x).toBe(50);
});

test("a new way begins where the pointer is seen", () => {
  const first = glideTo(glideTo(null, HERE, 0, false), THERE, 100, false);
  const second = glideTo(first, HERE, 150, false);
  expect(spotAt(second, 150)).toEqual({ x: 50, y: 25 });
});

test("for people who want less motion it is there at once", () => {
  const glide = glideTo(glideTo(null, HERE, 0, true), THERE, 100, true);
  expect([spotAt(glide, 100), isGliding(glide, 100)]).toEqual([THERE, false]);
});
