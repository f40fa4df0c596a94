import { expect, test } from "vitest";
import type { KeyState } from "../protocol/frames";
import { Movers } from "./movers";
import { personsOf } from "./persons";
import { chartShare, person } from "./support";

const PEOPLE = [person("me", "Me"), person("ann", "Ann"), person("k", "Kernel", "kernel")];

function setting() {
  const states = new Map<string, KeyState>();
  const movers = new Movers({
    state: (key) => states.get(key),
    shares: () => [chartShare("dial")],
  });
  const write = (key: string, version: number, by: string) => {
    states.set(key, { key, version, by, value: 1, blob: null, size: 1, pending: false });
    return movers.receive([key], personsOf(PEOPLE, "me")).map(({ name, share }) => [name, share]);
  };
  return { write };
}

test("[D2] who changes a widget is named", () => {
  const { write } = setting();
  write("dial/a", 1, "k");
  expect(write("dial/a", 2, "ann")).toEqual([["Ann", "dial"]]);
});

test("what was there when we came names nobody", () => {
  expect(setting().write("dial/a", 9, "ann")).toEqual([]);
});

test("we and kernels are not named", () => {
  const { write } = setting();
  write("dial/a", 1, "k");
  expect([write("dial/a", 2, "me"), write("dial/a", 3, "k")]).toEqual([[], []]);
});

test("what is told twice, as by a settlement, names nobody again", () => {
  const { write } = setting();
  write("dial/a", 1, "k");
  write("dial/a", 2, "ann");
  expect(write("dial/a", 2, "ann")).toEqual([]);
});

test("values without a widget name nobody", () => {
  const { write } = setting();
  write("/free", 1, "k");
  expect(write("/free", 2, "ann")).toEqual([]);
});
