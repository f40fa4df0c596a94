import { expect, test } from "vitest";
import { pack, unpack } from "./msgpack";

test("a value survives", () => {
  const value = { a: [1, -2.5, "ä", null, true], b: { c: new Uint8Array([1, 2]) } };
  expect(unpack(pack(value))).toEqual(value);
});

test("bytes have a buffer of their own", () => {
  const message = pack(["x", new Uint8Array([1, 2, 3])]);
  const [, bytes] = unpack(message) as [string, Uint8Array];
  expect(bytes.buffer.byteLength).toBe(3);
});

test("a key named __proto__ harms nobody", () => {
  const hostile = Uint8Array.from([
    0x81,
    0xa9,
    ...new TextEncoder().encode("__proto__"),
    0x81,
    0xa1,
    0x61,
    0x01,
  ]);
  const value = unpack(hostile);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(Object.values(value as object)).toEqual([{ a: 1 }]);
});

test("keys that are no strings become strings", () => {
  expect(unpack(Uint8Array.from([0x82, 0x01, 0x02, 0xc0, 0x03]))).toEqual({ "1": 2, null: 3 });
});

test("a function cannot be packed", () => {
  expect(() => pack({ f: () => 1 })).toThrow();
});
