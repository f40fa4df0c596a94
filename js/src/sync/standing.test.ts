import { expect, test } from "vitest";
import { Standing } from "./standing";

test.each([
  ["long", { view: "x".repeat(2048) }],
  ["many", Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`x${n}`, 1]))],
])("[P2] more than the room takes is not said: %s", (_, about) => {
  const mine = new Standing({ room: "r", kind: "guest", instance: "i", name: "ada", color: "" });
  mine.present({ about: { x: 1 }, name: null, color: null });
  expect(() => mine.present({ about, name: null, color: null })).toThrow("2 KiB");
  expect(mine.presence?.about).toEqual({ x: 1 });
});
