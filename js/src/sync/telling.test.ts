import { expect, test } from "vitest";
import { Telling } from "./telling";

test("[P6] what changes within an interval is told together, with the newest values", () => {
  const telling = new Telling();
  telling.say({ pointer: 1 });
  expect(telling.take(0, true)).toEqual({ pointer: 1 });
  telling.say({ pointer: 2 });
  telling.say({ pointer: 3, hand: 9 });
  expect([telling.take(20, true), telling.wait(20, true)]).toEqual([null, 30]);
  expect(telling.take(50, true)).toEqual({ pointer: 3, hand: 9 });
  expect(telling.wait(50, true)).toBeNull();
});

test.each([
  [1, 50],
  [125, 50],
  [200, 80],
  [1000, 100],
])("[P6] of %i people each tells about itself once in %i ms", (people, interval) => {
  const telling = new Telling();
  telling.say({ pointer: 1 });
  telling.take(0, true, people);
  telling.say({ pointer: 2 });
  expect(telling.wait(0, true)).toBe(interval);
});

test("[P6] a pointer waits while nobody looks, and is told to who comes", () => {
  const telling = new Telling();
  telling.say({ pointer: 1 });
  telling.say({ pointer: 2 });
  expect([telling.take(0, false), telling.wait(0, false)]).toEqual([null, null]);
  expect(telling.take(500, true)).toEqual({ pointer: 2 });
});

test("[P6] that a pointer is gone is told, whoever looks: it must not wait for a newcomer", () => {
  const telling = new Telling();
  telling.say({ pointer: 1 });
  telling.take(0, true);
  telling.say({ pointer: null });
  expect(telling.take(60, false)).toEqual({ pointer: null });
});

test("what nobody has heard of does not go", () => {
  const telling = new Telling();
  telling.say({ pointer: 1 });
  telling.say({ pointer: null });
  expect(telling.take(0, true)).toBeNull();
});

test("[P7] what is said again is told again", () => {
  const telling = new Telling();
  telling.say({ typing: true });
  telling.take(0, true);
  telling.say({ typing: true });
  expect(telling.take(5000, true)).toEqual({ typing: true });
});

test("what a person decides is told to kernels too", () => {
  const telling = new Telling();
  telling.say({ hand: 5, pointer: 1 });
  expect(telling.take(0, false)).toEqual({ hand: 5 });
});
