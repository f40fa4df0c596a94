/** Marks, bands and lines that people have put on a chart: where they are, and which one is meant. */
import type { Mark, MarkSet } from "../host/annotations";
import { TEXTS } from "./texts";

/** Where times and values are, in pixels, within a box. */
export interface Places {
  width: number;
  height: number;
  x(t: number): number;
  y(value: number): number;
}

export interface Shape {
  id: string;
  mark: Mark;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Pixels around a line that are still the line: a finger is wide. */
const REACH = 6;

/** Lines have no width, or no height; what lies outside is left out. */
export function shapesOf(marks: MarkSet, places: Places): Shape[] {
  return Object.entries(marks).flatMap(([id, mark]) => {
    const [left, right] = ends(mark.t, mark.t2, mark.kind, places.width, places.x);
    const [top, bottom] = ends(mark.y, mark.y2, mark.kind, places.height, places.y);
    const isOutside = right < 0 || left > places.width || bottom < 0 || top > places.height;
    const isNothing =
      (mark.t ?? mark.y) === null || ![left, right, top, bottom].every(Number.isFinite);
    if (isOutside || isNothing) return [];
    return [{ id, mark, left, top, width: right - left, height: bottom - top }];
  });
}

function ends(
  first: number | null,
  second: number | null,
  kind: Mark["kind"],
  length: number,
  place: (value: number) => number,
): [number, number] {
  if (first === null) return [0, length];
  const a = place(first);
  const b = kind === "band" && second !== null ? place(second) : a;
  return [Math.min(a, b), Math.max(a, b)];
}

/** What it says, to those who do not see it. */
export function markText(
  { kind, t, t2, y, y2, text, by }: Mark,
  time: (t: number) => string,
  value: (y: number) => string,
): string {
  const [from = "", to = ""] =
    t === null
      ? [y, y2].map((at) => (at === null ? "" : value(at)))
      : [t, t2].map((at) => (at === null ? "" : time(at)));
  const name = TEXTS.kinds[kind];
  const placed = kind === "band" ? TEXTS.between(name, from, to) : TEXTS.at(name, from);
  const told = text === "" ? placed : TEXTS.says(placed, text);
  return by === "" ? told : TEXTS.signed(told, by);
}

/** Marks and bands that a time, as a place, is on. */
export function shapesOn(shapes: readonly Shape[], x: number): Shape[] {
  return shapes.filter(
    ({ mark, left, width }) => mark.t !== null && x >= left - REACH && x <= left + width + REACH,
  );
}

/** The one at this place: a line before a band, a small band before a large one. */
export function shapeAt(shapes: readonly Shape[], x: number, y: number): Shape | null {
  const hit = shapes.filter(
    ({ left, top, width, height }) =>
      x >= left - REACH &&
      x <= left + width + REACH &&
      y >= top - REACH &&
      y <= top + height + REACH,
  );
  hit.sort((a, b) => a.width * a.height - b.width * b.height);
  return hit[0] ?? null;
}
