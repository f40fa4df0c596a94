import { expect, test } from "vitest";
import type { Person } from "../protocol/frames";
import { personsOf } from "./persons";
import { person } from "./support";

function telling(peer: string, about: Person["about"], over: Partial<Person> = {}): Person {
  return { ...person(peer, peer), about, ...over };
}

test("we come first, then raised hands in their order, then the others by name", () => {
  const people = [person("c", "C"), telling("b", { hand: 20 }), telling("a", { hand: 30 })];
  const shown = personsOf([...people, person("0", "A"), person("me", "Me")], "me");
  expect(shown.map(({ peer }) => peer)).toEqual(["me", "b", "a", "0", "c"]);
});

test("two of one name are told apart, the same way for everybody", () => {
  const people = [person("p2", "Ann"), person("p1", "Ann"), person("me", "Me")];
  const names = (mine: string) =>
    Object.fromEntries(personsOf(people, mine).map(({ peer, name }) => [peer, name]));
  expect(names("me")).toEqual({ me: "Me", p1: "Ann", p2: "Ann (2)" });
  expect(names("p2")).toEqual(names("me"));
});

test("the panels of one notebook are one person, who is idle only where all of them are", () => {
  const panel = { kind: "panel", name: "Host" } as const;
  const people = [telling("p1", { idle: true }, panel), telling("p2", { hand: 7 }, panel)];
  expect(personsOf(people, "me")).toMatchObject([
    { peer: "p1", idle: false, hand: 7, peers: ["p1", "p2"] },
  ]);
});

test("kernels and cards that show a link are nobody; the kernel of a guest's panel is that guest", () => {
  const joined = { kind: "kernel", name: "Ann" } as const;
  const kernel = telling("k", { notebook: true }, joined);
  const card = telling("card", { part: "link" }, { kind: "panel" });
  const panel = telling("p", { of: "k" }, { kind: "panel", name: "Ann" });
  expect(personsOf([kernel, card, panel], "me").map(({ peers }) => peers)).toEqual([["p", "k"]]);
});

test("who says that somebody else is their kernel does not drag them along", () => {
  const victim = telling("v", {}, { name: "Vic" });
  const kernel = telling("k", { notebook: true }, { kind: "kernel", name: "Vic" });
  const trolls = [telling("t1", { of: "v" }), telling("t2", { of: "k" }, { kind: "panel" })];
  const shown = personsOf([victim, kernel, ...trolls], "me");
  expect(shown.map(({ peers }) => peers)).toEqual([["t1"], ["t2"], ["v"]]);
});

test("[P8] a spotlight counts only from hosts", () => {
  const about = { spotlight: true };
  const people = [telling("a", about), telling("b", about, { role: "host" })];
  expect(personsOf(people, "me").map(({ spotlight }) => spotlight)).toEqual([false, true]);
});

test("[P9] only a viewer asks to take part", () => {
  const about = { asks: "control" };
  const people = [telling("a", about), telling("b", about, { role: "viewer" })];
  expect(personsOf(people, "me").map(({ asks }) => asks)).toEqual([false, true]);
});

test("what makes no sense is as if it had not been told", () => {
  const about = { hand: "now", idle: 1, following: {}, alone: "yes", of: 5 };
  const [shown] = personsOf([telling("a", about)], "me");
  expect(shown).toMatchObject({ hand: 0, idle: false, following: "", alone: false, peers: ["a"] });
});
