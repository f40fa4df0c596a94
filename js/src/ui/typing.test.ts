import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { person } from "./support";
import { OwnTyping, TypingPeople } from "./typing";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function own() {
  const told: unknown[] = [];
  return { told, typing: new OwnTyping((value) => told.push(value)) };
}

test("writing is told at once, again every five seconds, and taken back when it rests", () => {
  const { told, typing } = own();
  for (let ms = 0; ms < 6000; ms += 500) {
    typing.wrote("hello");
    vi.advanceTimersByTime(500);
  }
  expect(told).toEqual([true, true]);
  vi.advanceTimersByTime(6000);
  expect(told).toEqual([true, true, null]);
});

test("an empty field is nobody writing, and nothing is taken back that was not told", () => {
  const { told, typing } = own();
  typing.wrote(" ");
  typing.stop();
  expect(told).toEqual([]);
  typing.wrote("a");
  typing.wrote("");
  expect(told).toEqual([true, null]);
});

function others() {
  const people = [person("a", "Ann"), person("b", "Bo")];
  const typing = new TypingPeople(new AbortController().signal);
  const tell = (peer: string, writes: boolean): void => {
    for (const one of people) if (one.peer === peer) one.about = writes ? { typing: true } : {};
    typing.receive(people, [peer]);
  };
  return { typing, tell, people, shown: () => typing.shown.value };
}

test("whoever writes is shown until they stop", () => {
  const { tell, shown } = others();
  tell("b", true);
  tell("a", true);
  expect(shown()).toEqual(["b", "a"]);
  tell("b", false);
  expect(shown()).toEqual(["a"]);
});

test("somebody who is not heard of any more is shown for eight seconds", () => {
  const { tell, shown } = others();
  tell("a", true);
  vi.advanceTimersByTime(5000);
  tell("a", true);
  vi.advanceTimersByTime(7900);
  expect(shown()).toEqual(["a"]);
  vi.advanceTimersByTime(200);
  expect(shown()).toEqual([]);
});

test("what others tell does not renew it", () => {
  const { tell, shown } = others();
  tell("a", true);
  vi.advanceTimersByTime(7900);
  tell("b", false);
  vi.advanceTimersByTime(200);
  expect(shown()).toEqual([]);
});

test("somebody who has left writes no more", () => {
  const { typing, tell, shown } = others();
  tell("a", true);
  typing.receive([person("b", "Bo")], []);
  expect(shown()).toEqual([]);
});
