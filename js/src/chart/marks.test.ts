import { expect, test } from "vitest";
import type { Mark } from "../host/annotations";
import { blank, newId } from "./marking";
import { markText, shapeAt, shapesOf, shapesOn } from "./marks";

const PLACES = { width: 100, height: 50, x: (t: number) => t, y: (value: number) => 50 - value };

function shapes(...marks: Mark[]) {
  return shapesOf(Object.fromEntries(marks.map((mark, at) => [`m${at}`, mark])), PLACES);
}

test("a mark is a line from top to bottom, a threshold one from side to side", () => {
  const [mark, line] = shapes(blank("mark", { t: 40 }), blank("line", { y: 20 }));
  expect([mark, line]).toMatchObject([
    { left: 40, top: 0, width: 0, height: 50 },
    { left: 0, top: 30, width: 100, height: 0 },
  ]);
});

test("a band has its width whichever end was drawn first", () => {
  expect(shapes(blank("band", { t: 60, t2: 20 }))).toMatchObject([{ left: 20, width: 40 }]);
});

test("what lies outside is not there", () => {
  expect(shapes(blank("mark", { t: 400 }), blank("line", { y: -90 }))).toEqual([]);
});

test("a mark without a place is nowhere", () => {
  expect(shapes(blank("mark", {}))).toEqual([]);
});

test("a line within a band is hit before the band", () => {
  const all = shapes(blank("band", { t: 20, t2: 60 }), blank("mark", { t: 40 }));
  expect([shapeAt(all, 42, 10)?.id, shapeAt(all, 25, 10)?.id, shapeAt(all, 90, 10)]).toEqual([
    "m1",
    "m0",
    null,
  ]);
});

test("two new marks have two ids that a relay takes", () => {
  const [a, b] = [newId(), newId()];
  expect([a === b, /^[A-Za-z0-9_-]{1,64}$/.test(a)]).toEqual([false, true]);
});

test.each([
  ["Mark at 40 s: kick-off (Ada)", { ...blank("mark", { t: 40 }), text: "kick-off", by: "Ada" }],
  ["Band from 20 s to 30 s", blank("band", { t: 20, t2: 30 })],
  ["Band from 2 € to 3 €: calm", { ...blank("band", { y: 2, y2: 3 }), text: "calm" }],
  ["Line at 2 €", blank("line", { y: 2 })],
])("%s", (text, mark) => {
  expect(
    markText(
      mark,
      (t) => `${t} s`,
      (y) => `${y} €`,
    ),
  ).toBe(text);
});

test("a time is on marks next to it, and on bands around it, and on no line", () => {
  const all = shapes(
    blank("mark", { t: 40 }),
    blank("band", { t: 20, t2: 60 }),
    blank("line", { y: 2 }),
  );
  expect([36, 50, 90].map((x) => shapesOn(all, x).length)).toEqual([2, 1, 0]);
});
