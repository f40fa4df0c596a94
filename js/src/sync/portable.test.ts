import { expect, test } from "vitest";
import { pack } from "../lib/msgpack";
import { packPortable } from "./portable";

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = level % 2 ? [value] : { in: value };
  return value;
}

const looped: unknown[] = [];
looped.push(looped);

test.each([[null], [1e300], ["👋"], [{ a: [1, undefined, new Uint8Array([1])] }], [nested(64)]])(
  "[M4] %j is packed",
  (value) => {
    expect(packPortable(value)).toEqual(pack(value));
  },
);

test.each([
  ["a BigInt", { a: 1n }, "BigInt"],
  ["a function", [() => 1], "function"],
  ["a value of 65 levels", nested(65), "64 levels"],
  ["a value that holds itself", looped, "64 levels"],
  ["a Date", { at: new Date(0) }, "Date"],
  ["a Map", new Map([[1, 2]]), "Map"],
  ["half a character", "\ud83d", "half"],
  ["half a character as a key", { "\udc00": 1 }, "half"],
])("[M4] %s is refused with the reason", (_, value, why) => {
  expect(() => packPortable(value)).toThrow(why);
});
