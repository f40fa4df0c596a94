import { expect, test } from "vitest";
import { Succession } from "./succession";
import { message } from "./support";

function counted(count: number) {
  return message(`event ${count}`, { count });
}

function counts(messages: { count: number }[]): number[] {
  return messages.map(({ count }) => count);
}

test("[E4] what is not counted is for now, whatever else there is", () => {
  const succession = new Succession();
  expect(succession.receive(message("hello"))).toEqual([message("hello")]);
  expect(succession.replay()).toEqual([]);
});

test("[E4] an event that the keys include is passed over", () => {
  const succession = new Succession();
  succession.include(7, true);
  expect(counts([5, 7, 8].flatMap((count) => succession.receive(counted(count))))).toEqual([8]);
});

test("[E4] behind a hole, events wait for the missing one", () => {
  const succession = new Succession();
  expect([3, 2].flatMap((count) => succession.receive(counted(count)))).toEqual([]);
  expect(counts(succession.receive(counted(1)))).toEqual([1, 2, 3]);
});

test("[E4] keys that reach over a hole make the views stale, and what comes after them is due", () => {
  const succession = new Succession();
  succession.receive(counted(1));
  succession.receive(counted(4));
  const { stale, due } = succession.include(3, false);
  expect([stale, counts(due)]).toEqual([true, [4]]);
});

test("[E4] keys that include no more than what was shown make nothing stale", () => {
  const succession = new Succession();
  for (const count of [1, 2]) succession.receive(counted(count));
  expect(succession.include(1, false)).toEqual({ stale: false, due: [] });
});

test("[E4] a fresh view gets the journal and what came since, but nothing twice", () => {
  const succession = new Succession();
  for (const count of [1, 2, 3]) succession.receive(counted(count));
  succession.include(2, false);
  succession.keep([["drawn", [new Uint8Array([1])]]]);
  const contents = succession.replay().map(({ content }) => content);
  expect(contents).toEqual(["drawn", "event 3"]);
});

test("[E4] an owner that counts from the beginning again is followed", () => {
  const succession = new Succession();
  for (const count of [1, 2, 3]) succession.receive(counted(count));
  expect(succession.include(0, true).stale).toBe(true);
  expect(counts(succession.receive(counted(1)))).toEqual([1]);
  expect(counts(succession.replay())).toEqual([1]);
});

test("[E4] a lower number alone says so too, since nobody's numbers go back", () => {
  const succession = new Succession();
  succession.include(5, true);
  expect(succession.include(2, false).stale).toBe(true);
});

test("a journal that is none is none", () => {
  const succession = new Succession();
  succession.keep("?");
  succession.keep([5, ["without buffers"]]);
  expect(succession.replay()).toEqual([]);
});

test("what waits and what is kept for later views has an end", () => {
  const succession = new Succession();
  for (let count = 3; count < 3000; count += 1) succession.receive(counted(count));
  expect(counts(succession.include(2998, false).due)).toEqual([2999]);
  for (let count = 3000; count < 9000; count += 1) succession.receive(counted(count));
  expect(succession.replay()).toHaveLength(5000);
});
