import { expect, test } from "vitest";
import { readTraits } from "./traits";

function read(values: Record<string, unknown>) {
  return readTraits((name) => values[name]);
}

test("a chart of nothing has the usual traits", () => {
  expect(read({})).toMatchObject({ height: 320, window: 0, following: true, series: [] });
});

test("what is of another type than it should be is as if it were missing", () => {
  expect(read({ title: 7, height: "tall", series: "no", axes: null })).toMatchObject({
    title: "",
    height: 320,
    series: [],
  });
});

test("a host who pauses does not follow", () => {
  expect([read({ paused: true }).following, read({ following: false }).following]).toEqual([
    false,
    false,
  ]);
});

test("a series without a label has its column's name, a candle that of its close", () => {
  const columns = { open: "o", high: "h", low: "l", close: "c" };
  const { series } = read({
    series: [
      { feed: "f", column: "price" },
      { feed: "f", kind: "candle", columns },
    ],
  });
  expect(series.map(({ label, kind }) => [label, kind])).toEqual([
    ["price", "line"],
    ["c", "candle"],
  ]);
});

test("axes bring their labels, units and limits", () => {
  const { left, right, timeLabel } = read({
    axes: { left: { unit: "€", min: 0 }, time: { label: "when" } },
  });
  expect([left.unit, left.min, left.log, right.unit, timeLabel]).toEqual([
    "€",
    0,
    false,
    "",
    "when",
  ]);
});
