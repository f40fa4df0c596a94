import { signal } from "@preact/signals";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Person } from "../protocol/frames";
import { Following } from "./following";
import { personsOf, type Shown } from "./persons";
import { person } from "./support";

let closing: AbortController;

beforeEach(() => {
  closing = new AbortController();
});

afterEach(() => closing.abort());

/** The people are told of `ann`, `bob` and a host, and what they tell. */
function setting() {
  const abouts: Record<string, Person["about"]> = { me: {}, ann: {}, bob: {}, host: {} };
  const shown = (): Shown[] =>
    personsOf(
      Object.entries(abouts).map(([peer, about]) => ({
        ...person(peer, peer),
        role: peer === "host" ? ("host" as const) : ("participant" as const),
        about,
      })),
      "me",
    );
  const persons = signal(shown());
  const said: Person["about"][] = [];
  const tell = (peer: string, about: Person["about"] | null): void => {
    if (about === null) delete abouts[peer];
    else abouts[peer] = about;
    persons.value = shown();
  };
  const present = (about: Person["about"]): void => {
    said.push(about);
    const mine = { ...abouts.me, ...about };
    tell("me", Object.fromEntries(Object.entries(mine).filter(([, value]) => value !== null)));
  };
  const following = new Following(present, persons, closing.signal);
  const whom = (): string => following.target.value?.peer ?? "";
  const by = (): string[] => following.followers.value.map(({ peer }) => peer);
  return { following, said, tell, whom, by };
}

test("[P8] whom we follow is told, and that we do no more", () => {
  const { following, said, whom } = setting();
  following.follow("ann");
  expect(whom()).toBe("ann");
  following.stop();
  expect([said, following.ended.value]).toEqual([
    [{ following: "ann" }, { following: null }],
    "own",
  ]);
});

test("[P8] we know who follows us, until we want nobody to", () => {
  const { following, tell, by } = setting();
  tell("ann", { following: "me" });
  tell("bob", { following: "ann" });
  expect(by()).toEqual(["ann"]);
  following.be(true);
  expect(by()).toEqual([]);
});

test("[P8] who wants to look alone is not followed any more, nor again", () => {
  const { following, tell, whom } = setting();
  following.follow("ann");
  tell("ann", { alone: true });
  expect([whom(), following.ended.value]).toEqual(["", "alone"]);
  following.follow("ann");
  expect(whom()).toBe("");
});

test("who has left is not followed any more", () => {
  const { following, said, tell, whom } = setting();
  following.follow("ann");
  tell("ann", null);
  expect([whom(), following.ended.value, said.at(-1)]).toEqual(["", "left", { following: null }]);
});

test("nobody follows themselves, or who is not here", () => {
  const { following, said } = setting();
  following.follow("me");
  following.follow("nobody");
  expect(said).toEqual([]);
});

test("of two who follow each other, the one who was first lets go", () => {
  const { following, tell, whom, by } = setting();
  following.follow("ann");
  tell("ann", { following: "me" });
  expect([whom(), by()]).toEqual(["", ["ann"]]);
  following.follow("ann");
  expect(whom()).toBe("ann");
});

test("nor do three follow each other in a circle", () => {
  const { following, tell, whom } = setting();
  following.follow("ann");
  tell("ann", { following: "bob" });
  expect(whom()).toBe("ann");
  tell("bob", { following: "me" });
  expect(whom()).toBe("");
});

test("[P8] a host in the spotlight is looked along with until our person does something else", () => {
  const { following, tell, whom } = setting();
  tell("host", { spotlight: true });
  expect(whom()).toBe("host");
  following.stop();
  tell("host", { spotlight: true, idle: true });
  expect(whom()).toBe("");
  tell("host", {});
  tell("host", { spotlight: true });
  expect(whom()).toBe("host");
});

test("when the spotlight goes out, who was taken along looks for themselves again", () => {
  const { tell, whom } = setting();
  tell("host", { spotlight: true });
  tell("host", {});
  expect(whom()).toBe("");
});

test("who has chosen whom to follow is not taken along by a spotlight", () => {
  const { following, tell, whom } = setting();
  following.follow("ann");
  tell("host", { spotlight: true });
  expect(whom()).toBe("ann");
});

test("[P8] the spotlight of somebody else does not count", () => {
  const { tell, whom } = setting();
  tell("ann", { spotlight: true });
  expect(whom()).toBe("");
});
