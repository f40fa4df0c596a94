import { expect, test } from "vitest";
import { moved, REST, type Sizes, swipe, zoomed } from "./zoom";

const SIZES: Sizes = { stage: { width: 400, height: 600 }, photo: { width: 400, height: 300 } };

test("what is under the finger stays there", () => {
  const view = zoomed(REST, 4, { x: 100, y: 50 }, SIZES);
  expect(view).toEqual({ scale: 4, x: -300, y: -150 });
});

test("no gap opens beside a photo that is larger than the window", () => {
  const view = zoomed(REST, 2, { x: 0, y: 0 }, SIZES);
  expect(moved(view, { x: 1000, y: -1000 }, SIZES)).toEqual({ scale: 2, x: 200, y: 0 });
});

test("it becomes neither smaller than the window nor a single pixel", () => {
  expect(zoomed(REST, 0.1, { x: 9, y: 9 }, SIZES)).toEqual(REST);
  expect(zoomed(REST, 1000, { x: 0, y: 0 }, SIZES).scale).toBe(8);
});

test("shrunk again it is back in the middle", () => {
  const view = zoomed(REST, 5, { x: 150, y: 80 }, SIZES);
  expect(zoomed(view, 1 / 5, { x: -20, y: 10 }, SIZES)).toEqual(REST);
});

test("a swipe is long, and goes one way", () => {
  expect(swipe({ x: -80, y: 20 })).toBe("next");
  expect(swipe({ x: 80, y: -20 })).toBe("previous");
  expect(swipe({ x: 20, y: 120 })).toBe("away");
  expect(swipe({ x: 30, y: 5 })).toBe("none");
  expect(swipe({ x: 70, y: 90 })).toBe("none");
});
