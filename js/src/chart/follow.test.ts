import { expect, test } from "vitest";
import { type Mode, type Move, next } from "./follow";

const MODES: Mode[] = ["live", "held", "paused", "stopped"];

test.each(MODES)("going live ends every other mode, also %s", (mode) => {
  expect(next(mode, "live")).toBe("live");
});

test.each(MODES)("who zooms or moves is held, also from %s", (mode) => {
  expect(next(mode, "look")).toBe("held");
});

test.each(["held", "paused"] as Mode[])("the host stops and releases nobody who is %s", (mode) => {
  const moves: Move[] = ["stop", "release"];
  expect(moves.map((move) => next(mode, move))).toEqual([mode, mode]);
});

test("the host stops those who are live, and lets them go on", () => {
  expect(next(next("live", "stop"), "release")).toBe("live");
});
