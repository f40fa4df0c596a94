import { expect, test } from "vitest";
import type { Range } from "./range";
import { Scales } from "./scales";
import type { Track } from "./track";
import type { AxisTrait, Kind } from "./traits";

const AXIS: AxisTrait = { label: "", log: false, min: null, max: null, unit: "" };

function on(low: number, high: number, kind: Kind = "line"): Track {
  return { trait: { kind }, reach: (): Range => [low, high] } as unknown as Track;
}

function values(axis: Partial<AxisTrait>, tracks: Track[], chosen: Range | null = null): Range {
  return new Scales().values("left", { ...AXIS, ...axis }, tracks, [0, 1], chosen);
}

test("an axis shows all of its series", () => {
  const [from, to] = values({}, [on(0, 1), on(5, 10)]);
  expect([from < 0, to > 10]).toEqual([true, true]);
});

test("what the host has said of an axis comes before everything", () => {
  expect(values({ min: -5, max: 5 }, [on(0, 100)], [20, 30])).toEqual([-5, 5]);
});

test("a viewer's values stay whatever the rows have", () => {
  expect(values({}, [on(0, 100)], [20, 30])).toEqual([20, 30]);
});

test("bars have their zero in sight", () => {
  expect(values({}, [on(90, 100, "bar")])[0]).toBe(0);
});

test("a log axis has room below for what it cannot show", () => {
  const [from, to] = values({ log: true }, [on(-5, 1000)]);
  expect([from > 0, to > 1000]).toEqual([true, true]);
});

test("an axis without rows is there all the same, and keeps what it had", () => {
  const scales = new Scales();
  const before = scales.values("left", AXIS, [on(3, 4)], [0, 1], null);
  expect([values({}, []), scales.values("left", AXIS, [], [0, 1], null)]).toEqual([[0, 1], before]);
});
