import { expect, test } from "vitest";
import type { Person } from "../protocol/frames";
import { personsOf } from "./persons";
import { pointersAt, pointingOf } from "./pointers";
import { person } from "./support";

function shown(...people: Person[]) {
  return pointingOf(people, personsOf(people, "me"));
}

function pointing(peer: string, pointer: unknown, about: Person["about"] = {}): Person {
  return { ...person(peer, peer), about: { pointer, ...about } };
}

test("[P6] a pointer is somebody's, and where the sandbox says that it is", () => {
  const point = { share: "dial", x: 0.5, y: 0.2 };
  const [told] = shown(pointing("ann", point));
  expect(told).toEqual({ peer: "ann", name: "ann", color: "#0b7285", point });
  expect(pointersAt(told ? [told] : [], { ann: [116, 110] })).toEqual([
    { peer: "ann", name: "ann", color: "#0b7285", share: "dial", x: 116, y: 110 },
  ]);
});

test("what is pointed at and is not here is not shown", () => {
  const told = shown(pointing("toString", { share: "gone", x: 0, y: 0 }));
  expect(pointersAt(told, {})).toEqual([]);
});

test.each([
  ["our own", pointing("me", { share: "dial", x: 0, y: 0 })],
  ["outside of the box", pointing("ann", { share: "dial", x: 1.5, y: 0 })],
  ["no place at all", pointing("ann", "here")],
  [
    "a cursor that the chart draws",
    pointing("ann", { share: "dial", x: 0, y: 0 }, { cursor: { chart: "dial" } }),
  ],
])("%s: not shown", (_, one) => {
  expect(shown(one)).toEqual([]);
});

test("somebody with several panels has one pointer", () => {
  const panel = { kind: "panel", name: "Host", color: "#0b7285" } as const;
  const at = { share: "dial", x: 0, y: 0 };
  const people = [pointing("p1", at), pointing("p2", at)].map((one) => ({ ...one, ...panel }));
  expect(shown(...people)).toHaveLength(1);
});

test("more than forty would hide the widget", () => {
  const at = { share: "dial", x: 0, y: 0 };
  const people = Array.from({ length: 60 }, (_, n) => pointing(`p${n}`, at));
  expect(shown(...people)).toHaveLength(40);
});
