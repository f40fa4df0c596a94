import { expect, test } from "vitest";
import { Viewport } from "./viewport";

test("a chart that follows shows what is newest", () => {
  const viewport = new Viewport();
  viewport.current([0, 10], 0);
  expect(viewport.current([5, 15], 0)).toEqual([5, 15]);
});

test("a zoom is not taken away by new rows", () => {
  const viewport = new Viewport();
  viewport.current([0, 10], 0);
  viewport.look([2, 4]);
  expect(viewport.current([5, 15], 0)).toEqual([2, 4]);
});

test("a pause keeps what was seen last", () => {
  const viewport = new Viewport();
  viewport.current([0, 10], 0);
  viewport.move("pause");
  expect(viewport.current([5, 15], 0)).toEqual([0, 10]);
});

test("going live gives up the values that were chosen, too", () => {
  const viewport = new Viewport();
  viewport.look([2, 4], { left: [1, 2] });
  viewport.move("live");
  expect([viewport.values, viewport.current([5, 15], 0)]).toEqual([{}, [5, 15]]);
});

test("a chart that is stopped before the first rows shows them when they come", () => {
  const viewport = new Viewport();
  viewport.move("stop");
  expect(viewport.current([5, 15], 0)).toEqual([5, 15]);
});

test("going live goes there, and is there after a moment", () => {
  const viewport = new Viewport();
  viewport.look([0, 10]);
  viewport.glide([0, 10], 1000);
  viewport.move("live");
  const way = [1000, 1100, 1300, 1301].map((now) =>
    Math.round(viewport.current([100, 110], now)[0]),
  );
  expect([way, viewport.gliding]).toEqual([[0, 84, 100, 100], false]);
});
